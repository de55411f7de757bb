using System.Runtime.InteropServices;
using Onnx.Llama.Kernels.Dense;
using Onnx.Llama.Kernels.Products;

namespace Onnx.Llama.Kernels.Tests.Dense;

public sealed unsafe class DensePackerTests
{
    private const int Odd = 127;

    /// <summary>Below 32 the greatest power is 2^4: the least float16, 2^-24, is then 2^-28 of it, and still kept.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public void Element_OfEveryFloat16Below32_IsWhatItWas(int lanes)
    {
        Half[] all = [.. Enumerable.Range(0, 1 << 16).Select(bits => BitConverter.UInt16BitsToHalf((ushort)bits)).Where(value => Half.Abs(value) < (Half)32)];
        Assert.Contains(Half.Epsilon, all);
        Half[] whole = all[..(all.Length / Odd * Odd)];
        RoundTrip(DenseType.Float16, whole, lanes, (expected, actual) => (float)expected == actual);
        RoundTrip(DenseType.Float16, all[^(Odd * 30)..], lanes, (expected, actual) => (float)expected == actual);
    }

    /// <summary>Beyond that, what is below 2^-28 of the greatest power is gone, and nothing else.</summary>
    [Fact]
    public void Element_OfEveryFloat16_IsWhatItWas_ButForTheLeast()
    {
        float least = MathF.ScaleB(1, 15 - 28);
        Half[] all = [.. Enumerable.Range(0, 1 << 16).Select(bits => BitConverter.UInt16BitsToHalf((ushort)bits)).Where(Half.IsFinite)];
        Half[] whole = all[^(all.Length / Odd * Odd)..];
        RoundTrip(DenseType.Float16, whole, 16, (expected, actual) => actual == (MathF.Abs((float)expected) < least ? 0 : (float)expected));
    }

    [Fact]
    public void Element_OfBFloat16AndFloat32_HasItsBits()
    {
        Random random = new(2);
        ushort[] shorts = new ushort[Odd * 21];
        random.NextBytes(MemoryMarshal.AsBytes(shorts.AsSpan()));
        RoundTrip(DenseType.BFloat16, shorts, 16, (expected, actual) => BitConverter.SingleToInt32Bits(actual) == expected << 16);
        int[] words = new int[Odd * 21];
        random.NextBytes(MemoryMarshal.AsBytes(words.AsSpan()));
        RoundTrip(DenseType.Float32, words, 8, (expected, actual) => BitConverter.SingleToInt32Bits(actual) == expected);
    }

    private static void RoundTrip<T>(DenseType type, T[] values, int lanes, Func<T, float, bool> isSame)
        where T : unmanaged
    {
        RandomDense matrix = new(type, values.Length / Odd, Odd, MemoryMarshal.AsBytes<T>(values).ToArray());
        ScaleRange range = matrix.Range();
        using NativeBuffer<byte> packed = matrix.Pack(lanes, range, out DenseMatrix shape);
        for (int i = 0; i < values.Length; i++)
        {
            (int group, int lane) = Math.DivRem(i / Odd, lanes);
            float actual = DensePacker.Element(packed.Pointer + (group * shape.GroupBytes), shape, range, lane, i % Odd);
            Assert.True(isSame(values[i], actual), $"element {i}: {actual}; expected {values[i]}");
        }
    }
}
