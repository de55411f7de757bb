namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// The gate of gpt-oss (arXiv:2508.10925): <c>g * sigmoid(alpha * g) * (u + 1)</c> with <c>g = min(gate, limit)</c> and
/// <c>u = min(max(up, -limit), limit)</c>.
/// </summary>
/// <param name="Alpha">The factor inside the sigmoid.</param>
/// <param name="Limit">The bound of gate and up.</param>
public sealed record ClampedGate(float Alpha, float Limit);
