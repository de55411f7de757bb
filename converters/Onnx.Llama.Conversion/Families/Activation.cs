namespace Onnx.Llama.Conversion.Families;

/// <summary>The function between the two projections of a feed-forward network.</summary>
public enum Activation
{
    /// <summary><c>x * sigmoid(x)</c>, also called swish (arXiv:1702.03118).</summary>
    Silu,

    /// <summary><c>x * Phi(x)</c> with the normal distribution's own Phi (arXiv:1606.08415).</summary>
    Gelu,

    /// <summary><c>0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))</c>, the approximation of GELU.</summary>
    GeluTanh,

    /// <summary><c>max(x, 0)^2</c> (arXiv:2109.08668).</summary>
    Relu2,

    /// <summary>
    /// xIELU (arXiv:2411.13010): <c>x &gt; 0 ? a * x^2 + b * x : (exp(min(x, e)) - 1 - x) * n + b * x</c> with <c>a = softplus(alpha_p)</c>,
    /// <c>n = b + softplus(alpha_n)</c>, and b and e stored, each layer's own.
    /// </summary>
    Xielu,
}
