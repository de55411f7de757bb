using System.Runtime.CompilerServices;
using Onnx.Llama.Kernels.Forms.Lanes;

namespace Onnx.Llama.Kernels.Activations;

/// <summary>x / (1 + e^-x) (arXiv:1702.03118).</summary>
internal readonly struct Silu : IActivation
{
    public static float Apply(float x) => x / (1 + MathF.Exp(-x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector power = LaneMath.Exp<TLanes, TVector>(TLanes.Subtract(TLanes.Broadcast(0), x));
        return TLanes.Divide(x, TLanes.Add(TLanes.Broadcast(1), power));
    }
}
