using System.Runtime.CompilerServices;

namespace Onnx.Llama.Kernels.Forms.Lanes;

/// <summary>Functions made of the lanes' own.</summary>
internal static class LaneMath
{
    /// <summary>1 / (1 + e^-x), with an error of about 2e-7 relative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigmoid<TLanes, TVector>(TVector value)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector one = TLanes.Broadcast(1);
        return TLanes.Divide(one, TLanes.Add(one, TLanes.Exp(TLanes.Subtract(TLanes.Broadcast(0), value))));
    }

    /// <summary>The hyperbolic tangent, with an error of about 1e-7 absolute: 1 - 2 / (e^2x + 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh<TLanes, TVector>(TVector value)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector one = TLanes.Broadcast(1);
        TVector squared = TLanes.Exp(TLanes.Add(value, value));
        return TLanes.Subtract(one, TLanes.Divide(TLanes.Broadcast(2), TLanes.Add(squared, one)));
    }
}
