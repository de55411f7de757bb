namespace Onnx.Llama.Kernels.Products;

/// <summary>What becomes of a product's gate: output = function(gate) * other.</summary>
internal enum Gate
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>x / (1 + e^-x).</summary>
    Silu,

    /// <summary>GELU by its tanh approximation.</summary>
    GeluTanh,

    /// <summary>GELU.</summary>
    Gelu,
}
