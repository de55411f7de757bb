using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Onnx.Llama.Kernels.Forms.Lanes;

/// <summary>Four registers that are loaded, scaled and summed together: one row of a register tile.</summary>
internal readonly unsafe struct Quad<TLanes, TVector>(TVector a, TVector b, TVector c, TVector d)
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    private readonly TVector _a = a;
    private readonly TVector _b = b;
    private readonly TVector _c = c;
    private readonly TVector _d = d;

    /// <summary>Four registers side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad<TLanes, TVector> Load(float* source) => new(
        TLanes.Load(source), TLanes.Load(source + TLanes.Count), TLanes.Load(source + (2 * TLanes.Count)), TLanes.Load(source + (3 * TLanes.Count)));

    /// <summary>this + each * other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Quad<TLanes, TVector> Add(TVector each, Quad<TLanes, TVector> other) => new(
        TLanes.FusedMultiplyAdd(each, other._a, _a),
        TLanes.FusedMultiplyAdd(each, other._b, _b),
        TLanes.FusedMultiplyAdd(each, other._c, _c),
        TLanes.FusedMultiplyAdd(each, other._d, _d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Quad<TLanes, TVector> Multiply(float factor)
    {
        TVector each = TLanes.Broadcast(factor);
        return new(TLanes.Multiply(_a, each), TLanes.Multiply(_b, each), TLanes.Multiply(_c, each), TLanes.Multiply(_d, each));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target)
    {
        TLanes.Store(target, _a);
        TLanes.Store(target + TLanes.Count, _b);
        TLanes.Store(target + (2 * TLanes.Count), _c);
        TLanes.Store(target + (3 * TLanes.Count), _d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreSums(float* target) => TLanes.SumEach(_a, _b, _c, _d).Store(target);
}
