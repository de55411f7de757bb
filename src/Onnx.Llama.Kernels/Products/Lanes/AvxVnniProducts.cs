using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Onnx.Llama.Kernels.Products.Lanes;

/// <summary>8 rows in 256 bits, with the dot product of bytes (vpdpbusd), whose sums have 32 bits.</summary>
internal readonly unsafe struct AvxVnniProducts : IProductLanes<Vector256<byte>>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public static int Count => 8;

    public static bool TakesBytes => true;

    public static bool HasManyRegisters => false;

    public static Vector256<byte> Zero => Vector256<byte>.Zero;

    [MethodImpl(Inline)]
    public static Vector256<byte> Line(byte* line) => Vector256.Load(line);

    [MethodImpl(Inline)]
    public static Vector256<byte> Quad(sbyte* activations) => Vector256.Create(*(int*)activations).AsByte();

    [MethodImpl(Inline)]
    public static Vector256<byte> LowNibbles(Vector256<byte> line) => line & Vector256.Create((byte)15);

    [MethodImpl(Inline)]
    public static Vector256<byte> HighNibbles(Vector256<byte> line) => Vector256.ShiftRightLogical(line.AsUInt16(), 4).AsByte() & Vector256.Create((byte)15);

    [MethodImpl(Inline)]
    public static Vector256<byte> MultiplyAdd(Vector256<byte> sums, Vector256<byte> weights, Vector256<byte> quad) =>
        AvxVnni.MultiplyWideningAndAdd(sums.AsInt32(), weights, quad.AsSByte()).AsByte();

    [MethodImpl(Inline)]
    public static Vector256<byte> Join(Vector256<byte> sums) => sums;

    [MethodImpl(Inline)]
    public static Vector256<byte> JoinNibbles(Vector256<byte> low, Vector256<byte> high) =>
        throw new NotSupportedException();

    [MethodImpl(Inline)]
    public static Vector256<byte> Integers(int value) => Vector256.Create(value).AsByte();

    [MethodImpl(Inline)]
    public static Vector256<byte> AddIntegers(Vector256<byte> left, Vector256<byte> right) => (left.AsInt32() + right.AsInt32()).AsByte();

    [MethodImpl(Inline)]
    public static Vector256<byte> Scales(byte* scales, float factor)
    {
        Vector256<int> bits = Vector256.ShiftLeft(Avx2.ConvertToVector256Int32(Vector128.Load((short*)scales)), HalfBits.Shift) & Vector256.Create(HalfBits.Mask);
        return (bits.AsSingle() * Vector256.Create(factor)).AsByte();
    }

    [MethodImpl(Inline)]
    public static Vector256<byte> TimesBytes(Vector256<byte> floats, byte* bytes) =>
        (floats.AsSingle() * Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(bytes))).AsByte();

    [MethodImpl(Inline)]
    public static Vector256<byte> Accumulate(Vector256<byte> integers, Vector256<byte> scales, float activationScale, Vector256<byte> sums) => Vector256.FusedMultiplyAdd(
        Vector256.ConvertToSingle(integers.AsInt32()), scales.AsSingle() * Vector256.Create(activationScale), sums.AsSingle()).AsByte();

    [MethodImpl(Inline)]
    public static Vector256<byte> MultiplyAddFloats(Vector256<byte> floats, float value, Vector256<byte> sums) =>
        Vector256.FusedMultiplyAdd(floats.AsSingle(), Vector256.Create(value), sums.AsSingle()).AsByte();

    [MethodImpl(Inline)]
    public static void Store(Vector256<byte> floats, float* to) => floats.AsSingle().Store(to);

    [MethodImpl(Inline)]
    public static void Prefetch(byte* address) => Sse.Prefetch0(address);
}
