namespace Onnx.Llama.Templates;

/// <summary>A range of a rendered text that the assistant wrote.</summary>
/// <param name="Start">The first UTF-16 unit.</param>
/// <param name="End">One past the last UTF-16 unit.</param>
public readonly record struct GenerationSpan(int Start, int End);
