namespace Onnx.Llama.Conversion.Blocks;

/// <summary>What a router hands to the operator of the experts.</summary>
/// <param name="Scores">[rows * positions, experts]: the operator takes the k greatest, and weights them by the softmax over them.</param>
/// <param name="Factor">What the operator's output is to be multiplied by, a number for each position or one for all; null for 1.</param>
internal sealed record Routed(string Scores, string? Factor = null);
