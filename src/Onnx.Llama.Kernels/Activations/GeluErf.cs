using System.Runtime.CompilerServices;
using Onnx.Llama.Kernels.Forms.Lanes;

namespace Onnx.Llama.Kernels.Activations;

/// <summary>GELU (arXiv:1606.08415): x * Phi(x). The tail of Phi is approximation 7.1.26 of Abramowitz and Stegun, whose error is 1.5e-7 / 2.</summary>
internal readonly struct GeluErf : IActivation
{
    private const float InverseSqrt2 = 0.70710678f;
    private const float P = 0.3275911f;
    private const float A1 = 0.254829592f;
    private const float A2 = -0.284496736f;
    private const float A3 = 1.421413741f;
    private const float A4 = -1.453152027f;
    private const float A5 = 1.061405429f;

    public static float Apply(float x) => MathF.Max(x, 0) - (MathF.Abs(x) * Tail(MathF.Abs(x) * InverseSqrt2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector size = TLanes.Abs(x);
        TVector tail = Tail<TLanes, TVector>(TLanes.Multiply(size, TLanes.Broadcast(InverseSqrt2)));
        return TLanes.Subtract(TLanes.Max(x, TLanes.Broadcast(0)), TLanes.Multiply(size, tail));
    }

    /// <summary>1 - Phi(z * sqrt(2)) for z of at least 0.</summary>
    private static float Tail(float z)
    {
        float t = 1 / (1 + (P * z));
        return 0.5f * t * (A1 + (t * (A2 + (t * (A3 + (t * (A4 + (t * A5)))))))) * MathF.Exp(-z * z);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Tail<TLanes, TVector>(TVector z)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector t = TLanes.Divide(TLanes.Broadcast(1), TLanes.FusedMultiplyAdd(TLanes.Broadcast(P), z, TLanes.Broadcast(1)));
        TVector sum = TLanes.FusedMultiplyAdd(TLanes.Broadcast(A5), t, TLanes.Broadcast(A4));
        sum = TLanes.FusedMultiplyAdd(sum, t, TLanes.Broadcast(A3));
        sum = TLanes.FusedMultiplyAdd(sum, t, TLanes.Broadcast(A2));
        sum = TLanes.FusedMultiplyAdd(sum, t, TLanes.Broadcast(A1));
        TVector power = LaneMath.Exp<TLanes, TVector>(TLanes.Subtract(TLanes.Broadcast(0), TLanes.Multiply(z, z)));
        return TLanes.Multiply(TLanes.Multiply(TLanes.Multiply(TLanes.Broadcast(0.5f), t), sum), power);
    }
}
