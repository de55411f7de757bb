using Onnx.Llama.Graph;
using Onnx.Llama.Kernels.Operators;
using Onnx.Llama.Kernels.Products;
using Onnx.Llama.Kernels.Rewriting;
using Onnx.Llama.Kernels.Tests.Products;

namespace Onnx.Llama.Kernels.Tests.Rewriting;

/// <summary>MatMulNBits as ONNX Runtime has it and as the kernels do, both beside float64.</summary>
public sealed class ProductRewriteTests
{
    public static TheoryData<int, int, bool> Formats { get; } = new(
        from bits in new[] { 4, 8 } from block in new[] { 32, 64, 128, 256 } from asymmetric in new[] { false, true } select (bits, block, asymmetric));

    [Theory]
    [MemberData(nameof(Formats))]
    public void Prepare_Product_IsNoWorseThanStock(int bits, int block, bool asymmetric)
    {
        Random random = new(bits + block);
        foreach ((int n, int k, int rows) in new[] { (48, 2 * block, 1), (33, (3 * block) - 8, 5), (17, block + 20, 18), (5, block - 12, 2) })
        {
            using RandomMatrix matrix = new(new QuantFormat(bits, block, asymmetric), n, k, random);
            using SmallModel model = new();
            string x = model.Graph.Input("x", ElementType.Float, "rows", k);
            model.Graph.Output(model.Product("product", x, matrix), ElementType.Float);
            float[] values = Difference.Numbers(random, rows * k);
            using Feed feed = new Feed().With("x", values, rows, k);
            string file = model.Save();
            double[] exact = matrix.Multiply(values);
            float[] ours = ModelRun.Kernels(file, feed, out KernelReport report)[0];
            Assert.Equal(KeyValuePair.Create(QuantProductOperator.OperatorName, 1), Assert.Single(report.Kernels));
            Assert.Empty(report.Stock);
            Assert.True(report.IsBatchInvariant);
            AssertNoWorse(exact, ModelRun.Stock(file, feed)[0], ours);
        }
    }

    [Fact]
    public void Prepare_TwoProductsOfTheSameWeights_PackThemOnce()
    {
        Random random = new(3);
        using RandomMatrix matrix = new(new QuantFormat(4, 32, false), 40, 64, random);
        using SmallModel model = new();
        string[] weights = model.Matrix("shared", matrix);
        model.Graph.Output(model.Product("one", model.Graph.Input("x", ElementType.Float, "rows", 64), matrix, weights), ElementType.Float);
        model.Graph.Output(model.Product("two", model.Graph.Input("y", ElementType.Float, "rows", 64), matrix, weights), ElementType.Float);
        float[] values = Difference.Numbers(random, 3 * 64);
        using Feed feed = new Feed().With("x", values, 3, 64).With("y", values, 3, 64);
        float[][] ours = ModelRun.Kernels(model.Save(), feed, out KernelReport report);
        Assert.Equal(2, report.Kernels[QuantProductOperator.OperatorName]);
        Difference.None(ours[0], ours[1]);
        Difference.Near(ModelRun.Stock(model.File, feed)[0], ours[0], 1e-2);
    }

    /// <summary>Codes may be shared, as those of a matrix of zeros are; the rest then need not be.</summary>
    [Fact]
    public void Prepare_TheSameCodesWithOtherScales_AreOtherWeights()
    {
        Random random = new(4);
        using RandomMatrix matrix = new(new QuantFormat(4, 32, false), 40, 64, random);
        using SmallModel model = new();
        string[] weights = model.Matrix("shared", matrix);
        string other = model.Floats("other", [40, 2], Difference.Numbers(random, 80));
        string x = model.Graph.Input("x", ElementType.Float, "rows", 64);
        model.Graph.Output(model.Product("one", x, matrix, weights), ElementType.Float);
        model.Graph.Output(model.Product("two", x, matrix, weights[0], other), ElementType.Float);
        using Feed feed = new Feed().With("x", Difference.Numbers(random, 64), 1, 64);
        float[][] ours = ModelRun.Kernels(model.Save(), feed, out KernelReport report);
        Assert.Equal(2, report.Kernels[QuantProductOperator.OperatorName]);
        float[][] stock = ModelRun.Stock(model.File, feed);
        Difference.Near(stock[0], ours[0], 1e-2);
        Difference.Near(stock[1], ours[1], 1e-2);
    }

    /// <summary>The rounding of activations to 8 bits is all that both lose: about 0.5 %, more where few outputs are small.</summary>
    internal static void AssertNoWorse(double[] exact, float[] stock, float[] ours)
    {
        double theirs = Difference.Relative(exact, stock);
        double mine = Difference.Relative(exact, ours);
        Assert.InRange(mine, 0, Math.Max(theirs * 1.1, 1e-6));
        Assert.InRange(mine, 0, 2e-2);
    }
}
