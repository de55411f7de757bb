using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Onnx.Llama.Kernels.Products.Lanes;

/// <summary>
/// 4 rows in 128 bits, with Arm's dot product of bytes (sdot) where there is one, else with portable vectors, which also run elsewhere. Both operands are
/// signed, so bytes go as nibbles.
/// </summary>
internal readonly unsafe struct ArmProducts : IProductLanes<Vector128<byte>>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public static int Count => 4;

    public static bool TakesBytes => false;

    public static bool HasManyRegisters => true;

    public static Vector128<byte> Zero => Vector128<byte>.Zero;

    [MethodImpl(Inline)]
    public static Vector128<byte> Line(byte* line) => Vector128.Load(line);

    [MethodImpl(Inline)]
    public static Vector128<byte> Quad(sbyte* activations) => Vector128.Create(*(int*)activations).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> LowNibbles(Vector128<byte> line) => line & Vector128.Create((byte)15);

    [MethodImpl(Inline)]
    public static Vector128<byte> HighNibbles(Vector128<byte> line) => line >>> 4;

    [MethodImpl(Inline)]
    public static Vector128<byte> MultiplyAdd(Vector128<byte> sums, Vector128<byte> weights, Vector128<byte> quad) => Dp.IsSupported
        ? Dp.DotProduct(sums.AsInt32(), weights.AsSByte(), quad.AsSByte()).AsByte()
        : (sums.AsInt32() + Products(weights, quad, 24) + Products(weights, quad, 16) + Products(weights, quad, 8) + Products(weights, quad, 0)).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> Join(Vector128<byte> sums) => sums;

    [MethodImpl(Inline)]
    public static Vector128<byte> JoinNibbles(Vector128<byte> low, Vector128<byte> high) => (low.AsInt32() + (high.AsInt32() << 4)).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> Integers(int value) => Vector128.Create(value).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> AddIntegers(Vector128<byte> left, Vector128<byte> right) => (left.AsInt32() + right.AsInt32()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> Scales(byte* scales, float factor)
    {
        Vector128<int> bits = (Vector128.WidenLower(Vector64.Load((short*)scales).ToVector128()) << HalfBits.Shift) & Vector128.Create(HalfBits.Mask);
        return (bits.AsSingle() * Vector128.Create(factor)).AsByte();
    }

    [MethodImpl(Inline)]
    public static Vector128<byte> TimesBytes(Vector128<byte> floats, byte* bytes) =>
        (floats.AsSingle() * Vector128.Create((float)bytes[0], bytes[1], bytes[2], bytes[3])).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> Accumulate(Vector128<byte> integers, Vector128<byte> scales, float activationScale, Vector128<byte> sums) => Vector128.FusedMultiplyAdd(
        Vector128.ConvertToSingle(integers.AsInt32()), scales.AsSingle() * Vector128.Create(activationScale), sums.AsSingle()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> MultiplyAddFloats(Vector128<byte> floats, float value, Vector128<byte> sums) =>
        Vector128.FusedMultiplyAdd(floats.AsSingle(), Vector128.Create(value), sums.AsSingle()).AsByte();

    [MethodImpl(Inline)]
    public static void Store(Vector128<byte> floats, float* to) => floats.AsSingle().Store(to);

    /// <summary>.NET has no prefetch for Arm.</summary>
    [MethodImpl(Inline)]
    public static void Prefetch(byte* address)
    {
    }

    /// <summary>One byte of each lane times one of the other's.</summary>
    [MethodImpl(Inline)]
    private static Vector128<int> Products(Vector128<byte> weights, Vector128<byte> quad, int shift) => ((weights.AsInt32() << shift) >> 24) * ((quad.AsInt32() << shift) >> 24);
}
