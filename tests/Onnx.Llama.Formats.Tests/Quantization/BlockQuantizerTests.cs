using Onnx.Llama.Quantization;

namespace Onnx.Llama.Formats.Tests.Quantization;

public sealed class BlockQuantizerTests
{
    public static TheoryData<int, int, bool> Formats { get; } = new(
        from bits in new[] { 4, 8 }
        from blockSize in new[] { 16, 32, 64, 128, 256 }
        from isSymmetric in new[] { true, false }
        select (bits, blockSize, isSymmetric));

    [Fact]
    public void QuantizeRows_WeightsOnTheGrid_AreKeptAndPackedLowNibbleFirst()
    {
        float[] weights = [.. Enumerable.Range(0, 16).Select(code => (code - 8) * -0.25f)];
        (byte[] codes, float[] scales, _) = Quantize(new BlockFormat(4, 16), weights, 16);

        Assert.Equal([-0.25f], scales);
        Assert.Equal([0x10, 0x32, 0x54, 0x76, 0x98, 0xBA, 0xDC, 0xFE], codes);
    }

    [Fact]
    public void QuantizeRows_EightBits_OneBytePerWeight()
    {
        float[] weights = new float[16];
        (weights[3], weights[4], weights[5]) = (-1, 1 / 128f, 127 / 128f);
        (byte[] codes, float[] scales, _) = Quantize(new BlockFormat(8, 16), weights, 16);

        Assert.Equal([1 / 128f], scales);
        Assert.Equal([128, 128, 128, 0, 129, 255, .. Enumerable.Repeat((byte)128, 10)], codes);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void QuantizeRows_AnyBlock_EqualsTheScalarForm(int bits, int blockSize, bool isSymmetric)
    {
        BlockFormat format = new(bits, blockSize, isSymmetric);
        byte[] expected = new byte[format.BlockBytes], actual = new byte[format.BlockBytes];
        foreach (float[] block in BlockSamples.All(blockSize, seed: bits))
        {
            EncodedBlock scalar = ScalarBlockEncoder.Encode(format, block, expected);
            Assert.True(VectorBlockEncoder.TryEncode(format, block, actual, out EncodedBlock vector));
            Assert.Equal(BitConverter.SingleToInt32Bits(scalar.Scale), BitConverter.SingleToInt32Bits(vector.Scale));
            Assert.Equal(scalar.ZeroPoint, vector.ZeroPoint);
            Assert.Equal(expected, actual);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void QuantizeRows_AnyBlock_IsNoWorseThanPlainRounding(int bits, int blockSize, bool isSymmetric)
    {
        BlockFormat format = new(bits, blockSize, isSymmetric);
        foreach (float[] block in BlockSamples.All(blockSize, seed: 10 + bits))
        {
            float greatest = block.MaxBy(MathF.Abs);
            if (MathF.Abs(greatest) is < 1e-30f or > 1e38f) continue; // stored as zeros, or bounded: tests below

            double error = SquaredError(block, Rounded(format, block, block.Length));
            double plain = SquaredError(block, PlainRounding(format, block));
            double noise = 1e-11 * block.Length * greatest * greatest; // float32's own rounding
            Assert.True(error <= (plain * (1 + 1e-5)) + noise, $"error {error}, plain {plain}, block [{string.Join(", ", block)}]");
        }
    }

    [Theory]
    [InlineData(4, true, 0.91)]
    [InlineData(4, false, 0.91)]
    [InlineData(8, true, 0.85)]
    [InlineData(8, false, 0.8)]
    public void QuantizeRows_GaussianWeights_GainOnPlainRounding(int bits, bool isSymmetric, double most)
    {
        BlockFormat format = new(bits, 32, isSymmetric);
        double error = 0, plain = 0;
        Random random = new(3);
        for (int i = 0; i < 2000; i++)
        {
            float[] block = BlockSamples.Gaussian(random, 32, 0.02);
            error += SquaredError(block, Rounded(format, block, 32));
            plain += SquaredError(block, PlainRounding(format, block));
        }

        Assert.InRange(error / plain, 0.5, most);
    }

    /// <summary>A zero point of its own gives a block the whole range of codes: a tenth of the error of Gaussian weights, three quarters of that of positive ones.</summary>
    [Theory]
    [InlineData(false, 0.8, 0.92)]
    [InlineData(true, 0.2, 0.3)]
    public void QuantizeRows_ZeroPointPerBlock_GainsOnTheSymmetric(bool onlyPositive, double least, double most)
    {
        double error = 0, symmetric = 0;
        Random random = new(6);
        for (int i = 0; i < 2000; i++)
        {
            float[] block = BlockSamples.Gaussian(random, 32, 0.02);
            if (onlyPositive) block = Array.ConvertAll(block, MathF.Abs);
            error += SquaredError(block, Rounded(new BlockFormat(4, 32, isSymmetric: false), block, 32));
            symmetric += SquaredError(block, Rounded(new BlockFormat(4, 32), block, 32));
        }

        Assert.InRange(error / symmetric, least, most);
    }

    [Fact]
    public void QuantizeRows_ZeroPointPerBlock_IsPackedLowNibbleFirst()
    {
        // Three blocks of a row: from 0 up, from 0 down, and from -5 to 10.
        BlockFormat format = new(4, 16, isSymmetric: false);
        float[] up = [.. Enumerable.Range(0, 16).Select(code => code * 0.5f)], down = Array.ConvertAll(up, weight => -weight);
        (byte[] codes, float[] scales, byte[] zeroPoints) = Quantize(format, [.. up, .. down, .. up.Select(weight => (2 * weight) - 5)], 48);

        Assert.Equal([0.5f, 0.5f, 1f], scales);
        Assert.Equal([0xF0, 0x05], zeroPoints);
        Assert.Equal([0x10, 0x32, 0x54, 0x76, 0x98, 0xBA, 0xDC, 0xFE], codes[..8]);
        Assert.Equal([0xEF, 0xCD, 0xAB, 0x89, 0x67, 0x45, 0x23, 0x01], codes[8..16]);
        Assert.Equal([0x10, 0x32, 0x54, 0x76, 0x98, 0xBA, 0xDC, 0xFE], codes[16..]);
    }

    [Theory]
    [InlineData(4, true, 0x88)]
    [InlineData(4, false, 0x88)]
    [InlineData(8, true, 0x80)]
    [InlineData(8, false, 0x80)]
    public void QuantizeRows_ZerosAndWhatIsTooSmallForAScale_AreZeros(int bits, bool isSymmetric, byte zero)
    {
        BlockFormat format = new(bits, 16, isSymmetric);
        (byte[] codes, float[] scales, byte[] zeroPoints) = Quantize(format, [.. new float[15], -0f, .. Enumerable.Repeat(float.Epsilon, 16)], 32);
        Assert.Equal([0f, 0f], scales);
        Assert.All(codes, code => Assert.Equal(zero, code));
        Assert.All(zeroPoints, zeroPoint => Assert.Equal(zero, zeroPoint));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void QuantizeRows_LargestWeights_DecodeToFiniteOnes(int bits, int blockSize, bool isSymmetric)
    {
        BlockFormat format = new(bits, blockSize, isSymmetric);
        float[] block = BlockSamples.Gaussian(new Random(4), blockSize, float.MaxValue / 100);
        (block[1], block[2]) = (-float.MaxValue, float.MaxValue);
        Assert.All(Rounded(format, block, blockSize), value => Assert.True(float.IsFinite(value)));
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(4, false)]
    [InlineData(8, true)]
    [InlineData(8, false)]
    public void QuantizeRows_TailOfARow_IsPaddedWithZeros(int bits, bool isSymmetric)
    {
        BlockFormat format = new(bits, 32, isSymmetric);
        Random random = new(5);
        float[] row = BlockSamples.Gaussian(random, 41, 1), other = BlockSamples.Gaussian(random, 41, 1);
        (byte[] codes, float[] scales, byte[] zeroPoints) = Quantize(format, [.. row, .. other], 41);
        (byte[] padded, float[] paddedScales, byte[] paddedZeroPoints) = Quantize(format, [.. row, .. new float[23], .. other, .. new float[23]], 64);

        Assert.Equal(padded, codes);
        Assert.Equal(paddedScales, scales);
        Assert.Equal(paddedZeroPoints, zeroPoints);
        Assert.All(Dequantize(format, codes, scales, 64, zeroPoints)[41..64], weight => Assert.Equal(0, weight));
    }

    [Theory]
    [InlineData(float.NaN, 4, true)]
    [InlineData(float.NegativeInfinity, 4, true)]
    [InlineData(float.PositiveInfinity, 4, true)]
    [InlineData(float.NaN, 4, false)]
    [InlineData(float.NegativeInfinity, 4, false)]
    [InlineData(float.PositiveInfinity, 8, true)]
    public void QuantizeRows_NotFinite_SaysWhere(float value, int bits, bool isSymmetric)
    {
        float[] weights = new float[120];
        weights[(2 * 40) + 35] = value;
        QuantizationException error = Assert.Throws<QuantizationException>(() => Quantize(new BlockFormat(bits, 32, isSymmetric), weights, 40));

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

    [Fact]
    public void QuantizeRows_ZeroPointsThatDoNotFit_AreRefused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => BlockQuantizer.QuantizeRows(new BlockFormat(4, 32), new float[64], 32, new byte[32], new float[2], new byte[2]));
        Assert.Equal("There are 2 bytes of zero points; 2 rows of 32 columns have 0.", error.Message);

        error = Assert.Throws<ArgumentException>(
            () => BlockQuantizer.DequantizeRows(new BlockFormat(4, 32, isSymmetric: false), new byte[32], new float[2], 32, new float[64]));
        Assert.Equal("There are 0 bytes of zero points; 2 rows of 32 columns have 2.", error.Message);
    }

    private static (byte[] Codes, float[] Scales, byte[] ZeroPoints) Quantize(BlockFormat format, float[] weights, int columns)
    {
        int rows = weights.Length / columns;
        byte[] codes = new byte[rows * format.RowBytes(columns)];
        float[] scales = new float[rows * format.RowScales(columns)];
        byte[] zeroPoints = new byte[format.IsSymmetric ? 0 : rows * format.RowZeroPointBytes(columns)];
        BlockQuantizer.QuantizeRows(format, weights, columns, codes, scales, zeroPoints);
        return (codes, scales, zeroPoints);
    }

    private static float[] Dequantize(BlockFormat format, byte[] codes, float[] scales, int columns, byte[] zeroPoints)
    {
        float[] rows = new float[scales.Length / format.RowScales(columns) * columns];
        BlockQuantizer.DequantizeRows(format, codes, scales, columns, rows, zeroPoints);
        return rows;
    }

    private static float[] Rounded(BlockFormat format, float[] weights, int columns)
    {
        (byte[] codes, float[] scales, byte[] zeroPoints) = Quantize(format, weights, columns);
        return Dequantize(format, codes, scales, columns, zeroPoints);
    }

    /// <summary>Rounding by the scale that the search begins with.</summary>
    private static float[] PlainRounding(BlockFormat format, float[] block)
    {
        int greatestCode = (1 << format.Bits) - 1;
        float low = Math.Min(0, block.Min()), high = Math.Max(0, block.Max());
        float scale = format.IsSymmetric ? block.MaxBy(MathF.Abs) / -format.ZeroPoint : (high - low) / greatestCode;
        float zero = format.IsSymmetric ? format.ZeroPoint : MathF.Round(-low / scale);
        return Array.ConvertAll(block, weight => Math.Clamp(MathF.Round(weight / scale), -zero, greatestCode - zero) * scale);
    }

    private static double SquaredError(float[] expected, float[] actual) =>
        expected.Zip(actual, static (a, b) => ((double)a - b) * ((double)a - b)).Sum();
}
