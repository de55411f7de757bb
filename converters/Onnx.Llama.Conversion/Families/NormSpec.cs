namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// A norm over a vector x: RMSNorm (arXiv:1910.07467), <c>x / sqrt(mean(x^2) + epsilon) * (gain + offset)</c>, or where <paramref name="Centered"/>
/// LayerNorm (arXiv:1607.06450), <c>(x - mean(x)) / sqrt(var(x) + epsilon) * (gain + offset) + bias</c>.
/// </summary>
/// <param name="Epsilon">Added to the mean of squares.</param>
/// <param name="Centered">Whether the mean is taken off first.</param>
/// <param name="Offset">Added to the stored gain: 1 in families that store its distance from 1.</param>
/// <param name="Gain">Whether a gain is stored; else it is 1.</param>
/// <param name="Bias">Whether a bias is stored; else it is 0.</param>
public sealed record NormSpec(float Epsilon, bool Centered = false, float Offset = 0, bool Gain = true, bool Bias = false);
