namespace Onnx.Llama.Testing;

/// <summary>What a forward pass over T tokens gives.</summary>
/// <param name="Hidden">[T, hidden] float32, after the final norm.</param>
/// <param name="Logits">[rows, vocab] float32, of the last positions: of all T unless fewer were asked for.</param>
public sealed record ReferenceOutput(float[] Hidden, float[] Logits);
