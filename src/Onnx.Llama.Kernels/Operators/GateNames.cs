using Onnx.Llama.Kernels.Products;

namespace Onnx.Llama.Kernels.Operators;

/// <summary>Gates as an attribute spells them.</summary>
internal static class GateNames
{
    public static string Of(Gate gate) => gate switch { Gate.Silu => "silu", Gate.GeluTanh => "gelu_tanh", Gate.Gelu => "gelu", _ => "none" };

    /// <exception cref="KernelException">The name is unknown.</exception>
    public static Gate Parse(string name)
    {
        foreach (Gate gate in Enum.GetValues<Gate>())
        {
            if (Of(gate) == name) return gate;
        }

        throw new KernelException(ProductAttributes.Gate, $"is '{name}'; expected {string.Join(", ", Enum.GetValues<Gate>().Select(Of))}.");
    }
}
