using System.Runtime.Intrinsics;
using Onnx.Llama.Kernels.Activations;
using Onnx.Llama.Kernels.Forms;
using Onnx.Llama.Kernels.Forms.Lanes;

namespace Onnx.Llama.Kernels.Products;

/// <summary>Applies a gate.</summary>
internal static unsafe class Gates
{
    /// <summary>gate = function(gate) * other, element by element.</summary>
    /// <param name="form">How.</param>
    /// <param name="gate">The function.</param>
    /// <param name="gates">float32 [count].</param>
    /// <param name="others">float32 [count].</param>
    /// <param name="count">A multiple of the form's lanes.</param>
    public static void Apply(InstructionSet form, Gate gate, float* gates, float* others, int count)
    {
        switch (gate)
        {
            case Gate.Silu:
                Apply<Silu>(form, gates, others, count);
                break;
            case Gate.GeluTanh:
                Apply<GeluTanh>(form, gates, others, count);
                break;
            case Gate.Gelu:
                Apply<GeluErf>(form, gates, others, count);
                break;
        }
    }

    private static void Apply<TActivation>(InstructionSet form, float* gates, float* others, int count)
        where TActivation : struct, IActivation
    {
        switch (form)
        {
            case InstructionSet.Scalar:
                for (int i = 0; i < count; i++) gates[i] = TActivation.Apply(gates[i]) * others[i];
                break;
            case InstructionSet.Arm:
                Apply<TActivation, Lanes128, Vector128<float>>(gates, others, count);
                break;
            case InstructionSet.Avx512:
                Apply<TActivation, Lanes512, Vector512<float>>(gates, others, count);
                break;
            default:
                Apply<TActivation, Lanes256, Vector256<float>>(gates, others, count);
                break;
        }
    }

    private static void Apply<TActivation, TLanes, TVector>(float* gates, float* others, int count)
        where TActivation : struct, IActivation
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        for (int i = 0; i < count; i += TLanes.Count)
        {
            TVector gate = TActivation.Apply<TLanes, TVector>(TLanes.Load(gates + i));
            TLanes.Store(gates + i, TLanes.Multiply(gate, TLanes.Load(others + i)));
        }
    }
}
