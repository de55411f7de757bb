namespace Onnx.Llama.Templates;

/// <summary>A rendered conversation and the parts of it that the assistant wrote.</summary>
/// <param name="Text">The whole text.</param>
/// <param name="GenerationSpans">The ranges that <c>{% generation %}</c> marks, in order; empty where the template marks none.</param>
public sealed record RenderedChat(string Text, IReadOnlyList<GenerationSpan> GenerationSpans);
