using Onnx.Llama.Quantization;

namespace Onnx.Llama.Formats.Tests.Quantization;

public sealed class BlockQuantizerTests
{
    public static TheoryData<int, int> Formats { get; } = new(
        from bits in new[] { 4, 8 }
        from blockSize in new[] { 16, 32, 64, 128, 256 }
        select (bits, blockSize));

    [Fact]
    public void QuantizeRows_WeightsOnTheGrid_AreKeptAndPackedLowNibbleFirst()
    {
        float[] weights = [.. Enumerable.Range(0, 16).Select(code => (code - 8) * -0.25f)];
        (byte[] codes, float[] scales) = Quantize(new BlockFormat(4, 16), weights, 16);

        Assert.Equal([-0.25f], scales);
        Assert.Equal([0x10, 0x32, 0x54, 0x76, 0x98, 0xBA, 0xDC, 0xFE], codes);
    }

    [Fact]
    public void QuantizeRows_EightBits_OneBytePerWeight()
    {
        float[] weights = new float[16];
        (weights[3], weights[4], weights[5]) = (-1, 1 / 128f, 127 / 128f);
        (byte[] codes, float[] scales) = Quantize(new BlockFormat(8, 16), weights, 16);

        Assert.Equal([1 / 128f], scales);
        Assert.Equal([128, 128, 128, 0, 129, 255, .. Enumerable.Repeat((byte)128, 10)], codes);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void QuantizeRows_AnyBlock_EqualsTheScalarForm(int bits, int blockSize)
    {
        BlockFormat format = new(bits, blockSize);
        byte[] expected = new byte[format.BlockBytes], actual = new byte[format.BlockBytes];
        foreach (float[] block in BlockSamples.All(blockSize, seed: bits))
        {
            float expectedScale = ScalarBlockEncoder.Encode(format, block, expected);
            Assert.True(VectorBlockEncoder.TryEncode(format, block, actual, out float scale));
            Assert.Equal(BitConverter.SingleToInt32Bits(expectedScale), BitConverter.SingleToInt32Bits(scale));
            Assert.Equal(expected, actual);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void QuantizeRows_AnyBlock_IsNoWorseThanPlainRounding(int bits, int blockSize)
    {
        BlockFormat format = new(bits, blockSize);
        foreach (float[] block in BlockSamples.All(blockSize, seed: 10 + bits))
        {
            float greatest = block.MaxBy(MathF.Abs);
            if (MathF.Abs(greatest) is < 1e-30f or > 1e38f) continue; // stored as zeros, or bounded: tests below

            (byte[] codes, float[] scales) = Quantize(format, block, block.Length);
            double error = SquaredError(block, Dequantize(format, codes, scales, block.Length));
            double plain = SquaredError(block, PlainRounding(block, greatest, format.ZeroPoint));
            double noise = 1e-11 * block.Length * greatest * greatest; // float32's own rounding
            Assert.True(error <= (plain * (1 + 1e-5)) + noise, $"error {error}, plain {plain}, block [{string.Join(", ", block)}]");
        }
    }

    [Theory]
    [InlineData(4, 0.91)]
    [InlineData(8, 0.85)]
    public void QuantizeRows_GaussianWeights_GainOnPlainRounding(int bits, double most)
    {
        BlockFormat format = new(bits, 32);
        double error = 0, plain = 0;
        Random random = new(3);
        for (int i = 0; i < 2000; i++)
        {
            float[] block = BlockSamples.Gaussian(random, 32, 0.02);
            (byte[] codes, float[] scales) = Quantize(format, block, 32);
            error += SquaredError(block, Dequantize(format, codes, scales, 32));
            plain += SquaredError(block, PlainRounding(block, block.MaxBy(MathF.Abs), format.ZeroPoint));
        }

        Assert.InRange(error / plain, 0.5, most);
    }

    [Theory]
    [InlineData(4, 0x88)]
    [InlineData(8, 0x80)]
    public void QuantizeRows_ZerosAndWhatIsTooSmallForAScale_AreZeros(int bits, byte zero)
    {
        BlockFormat format = new(bits, 16);
        (byte[] codes, float[] scales) = Quantize(format, [.. new float[15], -0f, .. Enumerable.Repeat(float.Epsilon, 16)], 32);
        Assert.Equal([0f, 0f], scales);
        Assert.All(codes, code => Assert.Equal(zero, code));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void QuantizeRows_LargestWeights_DecodeToFiniteOnes(int bits, int blockSize)
    {
        BlockFormat format = new(bits, blockSize);
        float[] block = BlockSamples.Gaussian(new Random(4), blockSize, float.MaxValue / 100);
        (block[1], block[2]) = (-float.MaxValue, float.MaxValue);
        (byte[] codes, float[] scales) = Quantize(format, block, blockSize);
        Assert.All(Dequantize(format, codes, scales, blockSize), value => Assert.True(float.IsFinite(value)));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void QuantizeRows_TailOfARow_IsPaddedWithZeros(int bits)
    {
        BlockFormat format = new(bits, 32);
        Random random = new(5);
        float[] row = BlockSamples.Gaussian(random, 41, 1), other = BlockSamples.Gaussian(random, 41, 1);
        (byte[] codes, float[] scales) = Quantize(format, [.. row, .. other], 41);
        (byte[] padded, float[] paddedScales) = Quantize(format, [.. row, .. new float[23], .. other, .. new float[23]], 64);

        Assert.Equal(padded, codes);
        Assert.Equal(paddedScales, scales);
        Assert.Equal(format.ZeroPointByte, codes[format.RowBytes(41) - 1]);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.PositiveInfinity)]
    public void QuantizeRows_NotFinite_SaysWhere(float value)
    {
        float[] weights = new float[120];
        weights[(2 * 40) + 35] = value;
        QuantizationException error = Assert.Throws<QuantizationException>(() => Quantize(new BlockFormat(4, 32), weights, 40));

        Assert.Equal((2, 35), (error.Row, error.Column));
        string expected = FormattableString.Invariant($"The weight in row 2, column 35 is {value}; expected a finite number.");
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void QuantizeRows_LengthsThatDoNotFit_AreRefused()
    {
        BlockFormat format = new(4, 32);
        Assert.Throws<ArgumentException>(() => BlockQuantizer.QuantizeRows(format, new float[63], 32, new byte[32], new float[2]));
        Assert.Throws<ArgumentException>(() => BlockQuantizer.QuantizeRows(format, new float[64], 32, new byte[31], new float[2]));
        ArgumentException error = Assert.Throws<ArgumentException>(() => BlockQuantizer.QuantizeRows(format, new float[64], 32, new byte[32], new float[3]));
        Assert.Equal("There are 3 scales; 2 rows of 32 columns have 2.", error.Message);
    }

    private static (byte[] Codes, float[] Scales) Quantize(BlockFormat format, float[] weights, int columns)
    {
        int rows = weights.Length / columns;
        byte[] codes = new byte[rows * format.RowBytes(columns)];
        float[] scales = new float[rows * format.RowScales(columns)];
        BlockQuantizer.QuantizeRows(format, weights, columns, codes, scales);
        return (codes, scales);
    }

    private static float[] Dequantize(BlockFormat format, byte[] codes, float[] scales, int columns)
    {
        float[] rows = new float[scales.Length / format.RowScales(columns) * columns];
        BlockQuantizer.DequantizeRows(format, codes, scales, columns, rows);
        return rows;
    }

    private static float[] PlainRounding(float[] block, float greatest, int zeroPoint)
    {
        float scale = greatest / -zeroPoint;
        return Array.ConvertAll(block, weight => Math.Clamp(MathF.Round(weight / scale), -zeroPoint, zeroPoint - 1) * scale);
    }

    private static double SquaredError(float[] expected, float[] actual) =>
        expected.Zip(actual, static (a, b) => ((double)a - b) * ((double)a - b)).Sum();
}
