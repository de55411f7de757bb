using System.Numerics;

namespace Onnx.Llama.Quantization;

/// <summary>IEEE 754 binary16: 5 bits of exponent with bias 15, 10 of fraction.</summary>
internal static class Float16Codec
{
    private const float TwoToThe112 = 5.192296858534828e33f;
    private const uint Infinity32 = 0x7F800000;
    private const uint LeastNormal16 = 0x38800000; // 2^-14 as binary32
    private const uint Overflow16 = 0x47800000; // 2^16 as binary32; rounding takes care of 65520 and more
    private const uint Half32 = 0x3F000000; // 0.5f

    public static void Decode(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        int i = 0;
        for (; i <= source.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(source[i..]), out Vector<uint> low, out Vector<uint> high);
            Decode(low).CopyTo(destination[i..]);
            Decode(high).CopyTo(destination[(i + Vector<uint>.Count)..]);
        }

        if (i < source.Length) DecodeTail(source[i..], destination[i..]);
    }

    public static void Encode(ReadOnlySpan<float> source, Span<ushort> destination)
    {
        int i = 0;
        for (; i <= source.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector<uint> low = Encode(new Vector<float>(source[i..])), high = Encode(new Vector<float>(source[(i + Vector<float>.Count)..]));
            Vector.Narrow(low, high).CopyTo(destination[i..]);
        }

        for (; i < source.Length; i++)
            destination[i] = BitConverter.HalfToUInt16Bits((Half)source[i]);
    }

    private static void DecodeTail(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        Span<ushort> padded = stackalloc ushort[Vector<ushort>.Count];
        Span<float> decoded = stackalloc float[Vector<ushort>.Count];
        padded.Clear();
        source.CopyTo(padded);
        Decode(padded, decoded);
        decoded[..source.Length].CopyTo(destination);
    }

    private static Vector<float> Decode(Vector<uint> code)
    {
        // Put where a binary32 has exponent and fraction, the code is the value times 2^-112 (biases 127 and 15): exact, also for binary16's subnormals.
        Vector<uint> sign = (code & new Vector<uint>(0x8000)) << 16, magnitude = (code & new Vector<uint>(0x7FFF)) << 13;
        Vector<uint> finite = Vector.AsVectorUInt32(Vector.AsVectorSingle(magnitude) * TwoToThe112);
        Vector<uint> special = magnitude | new Vector<uint>(Infinity32);
        Vector<uint> isSpecial = Vector.GreaterThanOrEqual(magnitude, new Vector<uint>(0x7C00 << 13));
        return Vector.AsVectorSingle(sign | Vector.ConditionalSelect(isSpecial, special, finite));
    }

    private static Vector<uint> Encode(Vector<float> value)
    {
        Vector<uint> bits = Vector.AsVectorUInt32(value);
        Vector<uint> sign = bits & new Vector<uint>(0x80000000), magnitude = bits ^ sign;

        // Rebias the exponent (112 = 127 - 15), then round the 13 bits that go, half to even; a carry rightly moves into the exponent.
        Vector<uint> odd = (magnitude >> 13) & Vector<uint>.One;
        Vector<uint> normal = (magnitude - new Vector<uint>((112u << 23) - 0xFFF) + odd) >> 13;

        // Added to 0.5, whose last bit is worth binary16's least subnormal, the sum's own rounding is the one wanted.
        Vector<uint> subnormal = Vector.AsVectorUInt32(Vector.AsVectorSingle(magnitude) + new Vector<float>(0.5f)) - new Vector<uint>(Half32);

        Vector<uint> quiet = new Vector<uint>(0x7E00) | ((magnitude >> 13) & new Vector<uint>(0x3FF));
        Vector<uint> special = Vector.ConditionalSelect(Vector.GreaterThan(magnitude, new Vector<uint>(Infinity32)), quiet, new Vector<uint>(0x7C00));

        Vector<uint> finite = Vector.ConditionalSelect(Vector.LessThan(magnitude, new Vector<uint>(LeastNormal16)), subnormal, normal);
        Vector<uint> code = Vector.ConditionalSelect(Vector.GreaterThanOrEqual(magnitude, new Vector<uint>(Overflow16)), special, finite);
        return code | (sign >> 16);
    }
}
