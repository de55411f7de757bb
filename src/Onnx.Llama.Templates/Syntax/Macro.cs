namespace Onnx.Llama.Templates.Syntax;

/// <summary>The parameters and body of a macro or call block.</summary>
/// <param name="Name">The macro's name; null for a call block.</param>
/// <param name="Parameters">In order.</param>
/// <param name="Defaults">By parameter; null where one has none.</param>
/// <param name="Body">What it writes is its result.</param>
/// <param name="Uses">Which of the special names the body reads.</param>
internal sealed record Macro(string? Name, string[] Parameters, Expression?[] Defaults, Block Body, MacroNames Uses);
