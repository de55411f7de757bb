using System.Runtime.CompilerServices;
using Onnx.Llama.Kernels.Forms.Lanes;

namespace Onnx.Llama.Kernels.Activations;

/// <summary>GELU by its tanh (arXiv:1606.08415): x / 2 * (1 + tanh(y)) = x / (1 + e^-2y) with y = sqrt(2 / pi) * (x + 0.044715 x^3).</summary>
internal readonly struct GeluTanh : IActivation
{
    /// <summary>2 * sqrt(2 / pi).</summary>
    private const float Twice = 1.5957691216f;
    private const float Cubic = 0.044715f;

    public static float Apply(float x) => x / (1 + MathF.Exp(-Twice * (x + (Cubic * x * x * x))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector cubic = TLanes.Multiply(TLanes.Multiply(TLanes.Broadcast(Cubic), x), TLanes.Multiply(x, x));
        TVector power = LaneMath.Exp<TLanes, TVector>(TLanes.Multiply(TLanes.Broadcast(-Twice), TLanes.Add(x, cubic)));
        return TLanes.Divide(x, TLanes.Add(TLanes.Broadcast(1), power));
    }
}
