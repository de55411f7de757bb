namespace Onnx.Llama.Conversion.Families;

/// <summary>A gated network beside the experts, which every token takes.</summary>
/// <param name="Width">Width of its inner layer.</param>
/// <param name="Gated">Whether its output is multiplied by <c>sigmoid(w * x)</c>.</param>
public sealed record SharedExpert(int Width, bool Gated);
