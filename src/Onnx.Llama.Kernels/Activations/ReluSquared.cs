using System.Runtime.CompilerServices;
using Onnx.Llama.Kernels.Forms.Lanes;

namespace Onnx.Llama.Kernels.Activations;

/// <summary>The square of what is positive (arXiv:2109.08668).</summary>
internal readonly struct ReluSquared : IActivation
{
    public static float Apply(float x) => x > 0 ? x * x : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector positive = TLanes.Max(TLanes.Broadcast(0), x);
        return TLanes.Multiply(positive, positive);
    }
}
