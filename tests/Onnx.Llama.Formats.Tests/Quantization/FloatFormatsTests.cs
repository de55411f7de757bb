using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Onnx.Llama.Quantization;

namespace Onnx.Llama.Formats.Tests.Quantization;

public sealed class FloatFormatsTests
{
    [Theory]
    [InlineData(FloatFormat.BFloat16, 8, 7, 16)]
    [InlineData(FloatFormat.Float16, 5, 10, 16)]
    [InlineData(FloatFormat.Float8E5M2, 5, 2, 8)]
    [InlineData(FloatFormat.Float8E4M3, 4, 3, 8)]
    public void Decode_EveryCode_IsTheFormulasValue(FloatFormat format, int exponentBits, int fractionBits, int bits)
    {
        byte[] source = new byte[(1 << bits) * bits / 8];
        for (int code = 0; code < 1 << bits; code++)
        {
            if (bits == 8) source[code] = (byte)code;
            else BinaryPrimitives.WriteUInt16LittleEndian(source.AsSpan(2 * code), (ushort)code);
        }

        float[] decoded = new float[1 << bits];
        FloatFormats.Decode(format, source, decoded);

        for (int code = 0; code < decoded.Length; code++)
        {
            float expected = (float)Value(code, exponentBits, fractionBits, format == FloatFormat.Float8E4M3);
            Assert.True(Same(expected, decoded[code]), $"{format} 0x{code:X}: {decoded[code]}, expected {expected}");
        }
    }

    [Fact]
    public void Decode_Float32_KeepsEveryBit()
    {
        uint[] bits = [0, 0x80000000, 1, 0x7F800000, 0xFF800000, 0x7F800001, 0x7FC12345, 0x3F800000];
        float[] decoded = new float[bits.Length];
        FloatFormats.Decode(FloatFormat.Float32, MemoryMarshal.AsBytes<uint>(bits), decoded);
        Assert.Equal(bits, Array.ConvertAll(decoded, BitConverter.SingleToUInt32Bits));
    }

    [Fact]
    public void Decode_Float64_RoundsToNearestEven()
    {
        double ulp = double.ScaleB(1, -23);
        double[] values = [1 + (ulp / 2), 1 + (1.5 * ulp), 1 + (ulp * 0.50001), -0.0, double.NegativeInfinity, 1e300, 1e-46];
        float[] decoded = new float[values.Length];
        FloatFormats.Decode(FloatFormat.Float64, MemoryMarshal.AsBytes<double>(values), decoded);

        Assert.Equal([1f, 1 + (2 * (float)ulp), 1 + (float)ulp, -0f, float.NegativeInfinity, float.PositiveInfinity, 0f], decoded);
        Assert.True(float.IsNegative(decoded[3]));
    }

    [Theory]
    [InlineData(FloatFormat.BFloat16)]
    [InlineData(FloatFormat.Float16)]
    public void Decode_AnyLengthAtAnAddressOfAnyParity_EqualsTheWhole(FloatFormat format)
    {
        byte[] bytes = new byte[201];
        new Random(1).NextBytes(bytes);
        for (int length = 0; length <= 70; length++)
        {
            float[] together = new float[length];
            FloatFormats.Decode(format, bytes.AsSpan(1, 2 * length), together);
            for (int i = 0; i < length; i++)
            {
                float[] one = new float[1];
                FloatFormats.Decode(format, bytes.AsSpan(1 + (2 * i), 2), one);
                Assert.Equal(BitConverter.SingleToUInt32Bits(one[0]), BitConverter.SingleToUInt32Bits(together[i]));
            }
        }
    }

    [Fact]
    public void Decode_SourceOfAnotherLength_SaysBothLengths()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => FloatFormats.Decode(FloatFormat.BFloat16, new byte[7], new float[4]));
        Assert.Contains("4 numbers of BFloat16 take 8 bytes; the source has 7.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FloatFormat.BFloat16, 8, 7)]
    [InlineData(FloatFormat.Float16, 5, 10)]
    public void Encode_AroundEveryTie_RoundsToNearestEven(FloatFormat format, int exponentBits, int fractionBits)
    {
        int infinity = ((1 << exponentBits) - 1) << fractionBits;
        for (int code = 0; code < infinity; code++)
        {
            double here = Value(code, exponentBits, fractionBits, false);
            double next = code + 1 == infinity ? double.ScaleB(1, 1 << (exponentBits - 1)) : Value(code + 1, exponentBits, fractionBits, false);
            float tie = (float)((here + next) / 2);
            int even = code + (code & 1);
            float[] values = [(float)here, MathF.BitDecrement(tie), tie, MathF.BitIncrement(tie), -tie];
            Assert.Equal([code, code, even, code + 1, even | 0x8000], Encode(format, values));
        }
    }

    [Theory]
    [InlineData(FloatFormat.BFloat16)]
    [InlineData(FloatFormat.Float16)]
    public void Encode_InVectorsOrAlone_IsTheSame(FloatFormat format)
    {
        Random random = new(2);
        float[] values = [.. Enumerable.Range(0, 100_003).Select(_ => BitConverter.Int32BitsToSingle((int)random.NextInt64(1L << 32)))];
        int[] together = Encode(format, values);
        for (int i = 0; i < values.Length; i++)
            Assert.Equal(Encode(format, [values[i]])[0], together[i]);
    }

    [Theory]
    [InlineData(FloatFormat.BFloat16, 0x7F80, 0x7F)]
    [InlineData(FloatFormat.Float16, 0x7C00, 0x3FF)]
    public void Encode_NaNAndInfinity_Stay(FloatFormat format, int infinity, int fraction)
    {
        float signalling = BitConverter.Int32BitsToSingle(0x7F800001);
        float[] special = [float.PositiveInfinity, float.NegativeInfinity, float.NaN, signalling, float.MaxValue];
        float[] values = [.. Enumerable.Repeat(special, 13).SelectMany(static x => x)];
        int[] codes = Encode(format, values);
        for (int i = 0; i < codes.Length; i += 5)
        {
            Assert.Equal(infinity, codes[i]);
            Assert.Equal(infinity | 0x8000, codes[i + 1]);
            Assert.True((codes[i + 2] & infinity) == infinity && (codes[i + 2] & fraction) != 0);
            Assert.True((codes[i + 3] & infinity) == infinity && (codes[i + 3] & fraction) != 0);
            Assert.Equal(infinity, codes[i + 4]);
        }
    }

    private static int[] Encode(FloatFormat format, float[] values)
    {
        ushort[] codes = new ushort[values.Length];
        if (format == FloatFormat.BFloat16) FloatFormats.EncodeBFloat16(values, codes);
        else FloatFormats.EncodeFloat16(values, codes);
        return Array.ConvertAll(codes, code => (int)code);
    }

    /// <summary>The value by the definition of the formats: (-1)^s 2^(e - bias) (1 + f), subnormal where e = 0.</summary>
    private static double Value(int code, int exponentBits, int fractionBits, bool finiteOnly)
    {
        int fraction = code & ((1 << fractionBits) - 1), exponent = (code >> fractionBits) & ((1 << exponentBits) - 1);
        int bias = (1 << (exponentBits - 1)) - 1, top = (1 << exponentBits) - 1;
        double sign = (code >> (fractionBits + exponentBits)) == 0 ? 1 : -1;
        if (exponent == top && finiteOnly && fraction == (1 << fractionBits) - 1) return double.NaN;
        if (exponent == top && !finiteOnly) return fraction == 0 ? sign * double.PositiveInfinity : double.NaN;
        return exponent == 0
            ? sign * Math.ScaleB(fraction, 1 - bias - fractionBits)
            : sign * Math.ScaleB((1 << fractionBits) + fraction, exponent - bias - fractionBits);
    }

    private static bool Same(float a, float b) => float.IsNaN(a) ? float.IsNaN(b) : BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b);
}
