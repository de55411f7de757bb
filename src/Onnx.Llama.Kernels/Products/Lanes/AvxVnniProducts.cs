using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Onnx.Llama.Kernels.Products.Lanes;

/// <summary>As <see cref="Avx2Products"/>, but with the dot product of bytes (vpdpbusd), whose sums have 32 bits and take any byte.</summary>
internal readonly unsafe struct AvxVnniProducts : IProductLanes<Vector256<byte>>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public static int Count => Avx2Products.Count;

    public static bool TakesBytes => true;

    public static bool HasManyRegisters => Avx2Products.HasManyRegisters;

    public static Vector256<byte> Zero => Vector256<byte>.Zero;

    [MethodImpl(Inline)]
    public static Vector256<byte> Line(byte* line) => Avx2Products.Line(line);

    [MethodImpl(Inline)]
    public static Vector256<byte> Quad(sbyte* activations) => Avx2Products.Quad(activations);

    [MethodImpl(Inline)]
    public static Vector256<byte> LowNibbles(Vector256<byte> line) => Avx2Products.LowNibbles(line);

    [MethodImpl(Inline)]
    public static Vector256<byte> HighNibbles(Vector256<byte> line) => Avx2Products.HighNibbles(line);

    [MethodImpl(Inline)]
    public static Vector256<byte> MultiplyAdd(Vector256<byte> sums, Vector256<byte> weights, Vector256<byte> quad) =>
        AvxVnni.MultiplyWideningAndAdd(sums.AsInt32(), weights, quad.AsSByte()).AsByte();

    [MethodImpl(Inline)]
    public static Vector256<byte> Join(Vector256<byte> sums) => sums;

    /// <summary>Never asked for: bytes are taken whole.</summary>
    public static Vector256<byte> JoinNibbles(Vector256<byte> low, Vector256<byte> high) => throw new NotSupportedException();

    [MethodImpl(Inline)]
    public static Vector256<byte> Integers(int value) => Avx2Products.Integers(value);

    [MethodImpl(Inline)]
    public static Vector256<byte> AddIntegers(Vector256<byte> left, Vector256<byte> right) => Avx2Products.AddIntegers(left, right);

    [MethodImpl(Inline)]
    public static Vector256<byte> Scales(byte* scales, float factor) => Avx2Products.Scales(scales, factor);

    [MethodImpl(Inline)]
    public static Vector256<byte> TimesBytes(Vector256<byte> floats, byte* bytes) => Avx2Products.TimesBytes(floats, bytes);

    [MethodImpl(Inline)]
    public static Vector256<byte> Accumulate(Vector256<byte> integers, Vector256<byte> scales, float activationScale, Vector256<byte> sums) =>
        Avx2Products.Accumulate(integers, scales, activationScale, sums);

    [MethodImpl(Inline)]
    public static Vector256<byte> MultiplyAddFloats(Vector256<byte> floats, float value, Vector256<byte> sums) => Avx2Products.MultiplyAddFloats(floats, value, sums);

    [MethodImpl(Inline)]
    public static void Store(Vector256<byte> floats, float* to) => Avx2Products.Store(floats, to);

    [MethodImpl(Inline)]
    public static void Prefetch(byte* address) => Avx2Products.Prefetch(address);
}
