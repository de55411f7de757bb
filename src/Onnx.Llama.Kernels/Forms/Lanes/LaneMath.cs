using System.Runtime.CompilerServices;

namespace Onnx.Llama.Kernels.Forms.Lanes;

/// <summary>Functions made of the lanes' own.</summary>
internal static class LaneMath
{
    private const float Log2OfE = 1.44269504f;

    /// <summary>The upper bits of ln 2: its product with a whole number up to 256 is exact.</summary>
    private const float UpperLn2 = 0.693359375f;
    private const float LowerLn2 = -2.12194440e-4f;

    /// <summary>e to the power of each, to 2 units in the last place: exactly 1 at 0, 0 at minus infinity. The framework's goes through float64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp<TLanes, TVector>(TVector value)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        // Beyond these all results are 0 or infinity.
        TVector x = TLanes.Min(TLanes.Broadcast(89), TLanes.Max(TLanes.Broadcast(-104), value));
        TVector whole = TLanes.Round(TLanes.Multiply(x, TLanes.Broadcast(Log2OfE)));
        TVector rest = TLanes.FusedMultiplyAdd(whole, TLanes.Broadcast(-UpperLn2), x);
        rest = TLanes.FusedMultiplyAdd(whole, TLanes.Broadcast(-LowerLn2), rest);

        // Minimax polynomial of Cephes' expf on [-ln 2 / 2, ln 2 / 2].
        TVector sum = TLanes.FusedMultiplyAdd(TLanes.Broadcast(1.9875691500e-4f), rest, TLanes.Broadcast(1.3981999507e-3f));
        sum = TLanes.FusedMultiplyAdd(sum, rest, TLanes.Broadcast(8.3334519073e-3f));
        sum = TLanes.FusedMultiplyAdd(sum, rest, TLanes.Broadcast(4.1665795894e-2f));
        sum = TLanes.FusedMultiplyAdd(sum, rest, TLanes.Broadcast(1.6666665459e-1f));
        sum = TLanes.FusedMultiplyAdd(sum, rest, TLanes.Broadcast(5.0000001201e-1f));
        sum = TLanes.FusedMultiplyAdd(sum, TLanes.Multiply(rest, rest), rest);
        return TLanes.Scale(TLanes.Add(sum, TLanes.Broadcast(1)), whole);
    }

    /// <summary>1 / (1 + e^-x), with an error of about 2e-7 relative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigmoid<TLanes, TVector>(TVector value)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector one = TLanes.Broadcast(1);
        return TLanes.Divide(one, TLanes.Add(one, Exp<TLanes, TVector>(TLanes.Subtract(TLanes.Broadcast(0), value))));
    }

    /// <summary>The hyperbolic tangent, with an error of about 1e-7 absolute: 1 - 2 / (e^2x + 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh<TLanes, TVector>(TVector value)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector one = TLanes.Broadcast(1);
        TVector squared = Exp<TLanes, TVector>(TLanes.Add(value, value));
        return TLanes.Subtract(one, TLanes.Divide(TLanes.Broadcast(2), TLanes.Add(squared, one)));
    }
}
