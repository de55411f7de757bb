namespace Onnx.Llama.Templates.Runtime;

/// <summary>A place in a template.</summary>
/// <param name="Line">Counted from 1; 0 is nowhere.</param>
/// <param name="Column">In UTF-16 units, counted from 1.</param>
internal readonly record struct SourcePosition(int Line, int Column);
