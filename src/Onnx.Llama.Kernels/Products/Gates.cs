using System.Runtime.Intrinsics;

namespace Onnx.Llama.Kernels.Products;

/// <summary>Applies a gate.</summary>
internal static unsafe class Gates
{
    /// <summary>gate = function(gate) * other, for a multiple of 4 elements.</summary>
    public static void Apply(Gate gate, float* gates, float* others, int count)
    {
        for (int i = 0; i < count; i += Vector128<float>.Count)
        {
            Vector128<float> x = Vector128.Load(gates + i);
            (x / (Vector128<float>.One + Vector128.Exp(-x)) * Vector128.Load(others + i)).Store(gates + i);
        }
    }
}
