namespace Onnx.Llama.Decoding;

/// <summary>The names of a layer's inputs and outputs of keys and values.</summary>
internal sealed record LayerNames(string PastKey, string PastValue, string PresentKey, string PresentValue);
