using Onnx.Llama.Kernels.Forms;
using Onnx.Llama.Kernels.Products;

namespace Onnx.Llama.Kernels.Tests.Products;

/// <summary>Every form gives the scalar form's bits, and the scalar form what float64 gives but for the rounding of activations.</summary>
public sealed unsafe class ProductTests
{
    /// <summary>The portable form runs everywhere.</summary>
    public static IEnumerable<InstructionSet> Forms => Processor.Supported.Append(InstructionSet.Arm).Distinct().Where(form => form != InstructionSet.Scalar);

    public static TheoryData<InstructionSet, int, int, bool> Cases { get; } = new(
        from form in Forms
        from bits in new[] { 4, 8 }
        from block in new[] { 32, 64, 128, 256 }
        from asymmetric in new[] { false, true }
        select (form, bits, block, asymmetric));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Product_OfRandomShapes_HasTheScalarFormsBits(InstructionSet form, int bits, int block, bool asymmetric)
    {
        Random random = new(HashCode.Combine(bits, block, asymmetric));
        QuantFormat format = new(bits, block, asymmetric);
        foreach (int rows in new[] { 1, 2, 3, 4, 5, 8, 17, random.Next(1, 512) })
        {
            int n = random.Next(1, 70);
            int k = random.Next(1, 5) * block / random.Next(1, 3);
            using RandomMatrix matrix = new(format, n, k, random);
            using NativeBuffer<float> x = Activations(rows, k, random);
            float[] expected = Multiply(InstructionSet.Scalar, matrix, x, rows);
            Assert.Equal(expected, Multiply(form, matrix, x, rows));
        }
    }

    [Theory]
    [InlineData(4, 32, false)]
    [InlineData(4, 128, true)]
    [InlineData(8, 64, false)]
    [InlineData(8, 32, true)]
    public void Product_BesideFloat64_OfRoundedActivations_IsExact(int bits, int block, bool asymmetric)
    {
        const int Rows = 6;
        const int K = 512;
        const int N = 33;
        Random random = new(7);
        using RandomMatrix matrix = new(new QuantFormat(bits, block, asymmetric), N, K, random);
        using NativeBuffer<float> x = Activations(Rows, K, random);
        float[] y = Multiply(InstructionSet.Scalar, matrix, x, Rows);
        double[] rounded = Round(x.Span, block);
        double error = 0;
        double norm = 0;
        for (int i = 0; i < y.Length; i++)
        {
            double exact = 0;
            for (int k = 0; k < K; k++) exact += matrix[i % N, k] * rounded[(i / N * K) + k];
            error += Math.Pow(y[i] - exact, 2);
            norm += exact * exact;
        }

        Assert.InRange(Math.Sqrt(error / norm), 0, 3e-6);
    }

    [Theory]
    [InlineData(1e-30f)]
    [InlineData(1e-6f)]
    [InlineData(3e4f)]
    public void Product_OfScalesOfAnySize_KeepsThem(float size)
    {
        Random random = new(3);
        using RandomMatrix matrix = new(new QuantFormat(4, 32, false), 16, 64, random);
        using NativeBuffer<float> x = Activations(1, 64, random);
        float[] before = Multiply(InstructionSet.Scalar, matrix, x, 1);
        foreach (ref float scale in matrix.Scales) scale *= size;
        float[] after = Multiply(InstructionSet.Scalar, matrix, x, 1);
        double greatest = before.Max(MathF.Abs) * (double)size;
        for (int i = 0; i < 16; i++) Assert.Equal(before[i] * (double)size, after[i], greatest * 1e-3);
    }

    [Fact]
    public void Product_OfNaN_IsNaN()
    {
        Random random = new(4);
        using RandomMatrix matrix = new(new QuantFormat(4, 32, false), 16, 64, random);
        using NativeBuffer<float> x = Activations(1, 64, random);
        x.Span[40] = float.NaN;
        foreach (InstructionSet form in Forms.Append(InstructionSet.Scalar)) Assert.All(Multiply(form, matrix, x, 1), value => Assert.True(float.IsNaN(value), form.ToString()));
    }

    private static double[] Round(ReadOnlySpan<float> x, int block)
    {
        double[] rounded = new double[x.Length];
        for (int first = 0; first < x.Length; first += block)
        {
            double scale = 0;
            for (int i = first; i < first + block; i++) scale = Math.Max(scale, Math.Abs(x[i]) / 127.0);
            for (int i = first; i < first + block; i++) rounded[i] = Math.Round(x[i] / scale) * scale;
        }

        return rounded;
    }

    internal static NativeBuffer<float> Activations(int rows, int k, Random random)
    {
        NativeBuffer<float> x = new((long)rows * k);
        foreach (ref float value in x.Span) value = ((random.NextSingle() * 2) - 1) * (random.Next(50) == 0 ? 20 : 1);
        return x;
    }

    internal static float[] Multiply(InstructionSet form, RandomMatrix matrix, NativeBuffer<float> x, int rows)
    {
        using NativeBuffer<byte> packed = matrix.Pack(ProductForms.Lanes(form), out PackedMatrix shape, out ScaleRange range);
        ActivationTiles tiles = new(shape.Format.Block, shape.PaddedBlocks, rows);
        using NativeBuffer<byte> quantized = new(tiles.Bytes);
        for (int tile = 0; tile < tiles.Tiles; tile++) ActivationQuantizer.Quantize(form, x.Pointer, shape.K, tiles, tile, shape.Format, quantized.Pointer);
        using NativeBuffer<float> y = new((long)rows * shape.N);
        ProductCall call = new()
        {
            Weights = packed.Pointer,
            Shape = shape,
            ScaleFactor = range.Factor,
            Activations = quantized.Pointer,
            Tiles = tiles,
            Output = y.Pointer,
            Parts = Math.Min(3, shape.Groups),
            Range = ProductForms.Choose(form, shape.Format),
        };
        for (int part = 0; part < call.Parts; part++) call.Run(part);
        return y.Span.ToArray();
    }
}
