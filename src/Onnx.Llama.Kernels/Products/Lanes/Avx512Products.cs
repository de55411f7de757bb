using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Onnx.Llama.Kernels.Products.Lanes;

/// <summary>
/// 16 rows in 512 bits, with sums of 16 bits (vpmaddubsw): .NET exposes the 512-bit dot product of bytes on no processor of today, and the 256-bit one has a
/// lower peak (eng/LOG.md).
/// </summary>
internal readonly unsafe struct Avx512Products : IProductLanes<Vector512<byte>>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public static int Count => 16;

    public static bool TakesBytes => false;

    public static bool HasManyRegisters => true;

    public static Vector512<byte> Zero => Vector512<byte>.Zero;

    [MethodImpl(Inline)]
    public static Vector512<byte> Line(byte* line) => Vector512.Load(line);

    [MethodImpl(Inline)]
    public static Vector512<byte> Quad(sbyte* activations) => Vector512.Create(*(int*)activations).AsByte();

    [MethodImpl(Inline)]
    public static Vector512<byte> LowNibbles(Vector512<byte> line) => line & Vector512.Create((byte)15);

    [MethodImpl(Inline)]
    public static Vector512<byte> HighNibbles(Vector512<byte> line) => Vector512.ShiftRightLogical(line.AsUInt16(), 4).AsByte() & Vector512.Create((byte)15);

    [MethodImpl(Inline)]
    public static Vector512<byte> MultiplyAdd(Vector512<byte> sums, Vector512<byte> weights, Vector512<byte> quad) =>
        (sums.AsInt16() + Avx512BW.MultiplyAddAdjacent(weights, quad.AsSByte())).AsByte();

    [MethodImpl(Inline)]
    public static Vector512<byte> Join(Vector512<byte> sums) => Avx512BW.MultiplyAddAdjacent(sums.AsInt16(), Vector512.Create((short)1)).AsByte();

    [MethodImpl(Inline)]
    public static Vector512<byte> JoinNibbles(Vector512<byte> low, Vector512<byte> high) =>
        (Avx512BW.MultiplyAddAdjacent(low.AsInt16(), Vector512.Create((short)1)) + Avx512BW.MultiplyAddAdjacent(high.AsInt16(), Vector512.Create((short)16))).AsByte();

    [MethodImpl(Inline)]
    public static Vector512<byte> Integers(int value) => Vector512.Create(value).AsByte();

    [MethodImpl(Inline)]
    public static Vector512<byte> AddIntegers(Vector512<byte> left, Vector512<byte> right) => (left.AsInt32() + right.AsInt32()).AsByte();

    [MethodImpl(Inline)]
    public static Vector512<byte> Scales(byte* scales, float factor)
    {
        Vector512<int> bits = Vector512.ShiftLeft(Avx512F.ConvertToVector512Int32(Vector256.Load((short*)scales)), HalfBits.Shift) & Vector512.Create(HalfBits.Mask);
        return (bits.AsSingle() * Vector512.Create(factor)).AsByte();
    }

    [MethodImpl(Inline)]
    public static Vector512<byte> TimesBytes(Vector512<byte> floats, byte* bytes) =>
        (floats.AsSingle() * Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(bytes)))).AsByte();

    [MethodImpl(Inline)]
    public static Vector512<byte> Accumulate(Vector512<byte> integers, Vector512<byte> scales, float activationScale, Vector512<byte> sums) => Vector512.FusedMultiplyAdd(
        Vector512.ConvertToSingle(integers.AsInt32()), scales.AsSingle() * Vector512.Create(activationScale), sums.AsSingle()).AsByte();

    [MethodImpl(Inline)]
    public static Vector512<byte> MultiplyAddFloats(Vector512<byte> floats, float value, Vector512<byte> sums) =>
        Vector512.FusedMultiplyAdd(floats.AsSingle(), Vector512.Create(value), sums.AsSingle()).AsByte();

    [MethodImpl(Inline)]
    public static void Store(Vector512<byte> floats, float* to) => floats.AsSingle().Store(to);

    [MethodImpl(Inline)]
    public static void Prefetch(byte* address) => Sse.Prefetch0(address);
}
