namespace Onnx.Llama.Manifest;

/// <summary>Names of a decoder graph's outputs; <c>%d</c> stands for the layer.</summary>
/// <param name="Logits">float [rows, positions, vocabulary].</param>
/// <param name="PresentKeyNames">[rows, kvHeads, tokens, headDim] of each layer.</param>
/// <param name="PresentValueNames">[rows, kvHeads, tokens, headDim] of each layer.</param>
public sealed record GenAiOutputs(string Logits = "logits", string PresentKeyNames = "present.%d.key", string PresentValueNames = "present.%d.value");
