namespace Onnx.Llama.Manifest;

/// <summary>Names of a decoder graph's outputs; <c>%d</c> stands for the layer.</summary>
public sealed record GenAiOutputs
{
    /// <summary>float [rows, positions, vocabulary].</summary>
    public string Logits { get; init; } = "logits";

    /// <summary>[rows, kvHeads, tokens, headDim] of each layer.</summary>
    public string PresentKeyNames { get; init; } = "present.%d.key";

    /// <summary>[rows, kvHeads, tokens, headDim] of each layer.</summary>
    public string PresentValueNames { get; init; } = "present.%d.value";
}
