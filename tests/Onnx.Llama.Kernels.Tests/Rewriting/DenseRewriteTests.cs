using Onnx.Llama.Graph;
using Onnx.Llama.Kernels.Dense;
using Onnx.Llama.Kernels.Operators;
using Onnx.Llama.Kernels.Rewriting;
using Onnx.Llama.Kernels.Tests.Dense;

namespace Onnx.Llama.Kernels.Tests.Rewriting;

public sealed class DenseRewriteTests
{
    private const int N = 45;
    private const int K = 51;

    [Theory]
    [InlineData((int)DenseType.Float32, 1)]
    [InlineData((int)DenseType.Float16, 6)]
    [InlineData((int)DenseType.BFloat16, 3)]
    public void Prepare_Product_IsStocksButForRounding(int type, int rows)
    {
        using Product product = new((DenseType)type);
        (float[][] stock, float[][] ours, double[] exact) = product.Run(rows, out KernelReport report);
        Assert.Equal(KeyValuePair.Create(DenseProductOperator.OperatorName, 1), Assert.Single(report.Kernels));
        Assert.Empty(report.Stock);
        Assert.True(report.IsBatchInvariant);
        Difference.Near(stock[0], ours[0], 1e-6);
        Assert.InRange(Difference.Relative(exact, ours[0]), 0, 1e-6);
    }

    [Theory]
    [InlineData((int)DenseType.Float32)]
    [InlineData((int)DenseType.Float16)]
    [InlineData((int)DenseType.BFloat16)]
    public void Prepare_TiedEmbedding_ReadsTheHeadsWeights(int type)
    {
        using Product product = new((DenseType)type, tied: true);
        (float[][] stock, float[][] ours, _) = product.Run(3, out KernelReport report);
        Assert.Equal(1, report.Kernels[DenseGatherOperator.OperatorName]);
        Assert.Empty(report.Stock);
        Difference.Near(stock[0], ours[0], 1e-6);
        Difference.None(stock[1], ours[1]);
    }

    [Theory]
    [InlineData("alpha")]
    [InlineData("transA")]
    [InlineData("plain")]
    [InlineData("input")]
    [InlineData("computed")]
    public void Prepare_SomethingElse_StaysStock(string difference)
    {
        using Product product = new(DenseType.Float32, difference: difference);
        product.StaysStock();
    }

    [Theory]
    [InlineData("int32")]
    [InlineData("axis")]
    [InlineData("twice")]
    public void Prepare_AnotherLookup_KeepsIt(string difference)
    {
        using Product product = new(DenseType.Float16, tied: true, difference);
        (float[][] stock, float[][] ours, _) = product.Run(3, out KernelReport report);
        Assert.Equal(KeyValuePair.Create(DenseProductOperator.OperatorName, 1), Assert.Single(report.Kernels));
        Assert.Equal(1, report.Stock["Gather"]);
        for (int i = 0; i < stock.Length; i++) Difference.Near(stock[i], ours[i], 1e-6);
    }

    /// <summary>The same bytes as another matrix are another matrix.</summary>
    [Fact]
    public void Prepare_TheSameBytesInOtherShapes_AreOtherWeights()
    {
        Random random = new(2);
        using SmallModel model = new();
        ExternalRange range = model.Put(RandomDense.Of(DenseType.Float32, 24, 36, random).Stored);
        foreach ((int n, int k) in new[] { (24, 36), (36, 24) })
        {
            string weight = model.Graph.External($"w{n}", ElementType.Float, [n, k], SmallModel.DataName, range);
            string x = model.Graph.Input($"x{k}", ElementType.Float, "rows", k);
            model.Graph.Output(model.Graph.Node($"product{n}", OpNames.FusedMatMul, [x, weight], NodeAttribute.Int("transB", 1)), ElementType.Float);
        }

        using Feed feed = new Feed().With("x36", Difference.Numbers(random, 36), 1, 36).With("x24", Difference.Numbers(random, 24), 1, 24);
        float[][] ours = ModelRun.Kernels(model.Save(), feed, out KernelReport report);
        Assert.Equal(2, report.Kernels[DenseProductOperator.OperatorName]);
        float[][] stock = ModelRun.Stock(model.File, feed);
        for (int i = 0; i < 2; i++) Difference.Near(stock[i], ours[i], 1e-6);
    }

    /// <summary>Float16 is kept with a power of two that the greatest element decides, which must be finite.</summary>
    [Fact]
    public void Prepare_Float16ThatIsNotFinite_NamesTheTensor()
    {
        using Product product = new(DenseType.Float16, difference: "nan");
        KernelException fault = Assert.Throws<KernelException>(() => product.Run(1, out _));
        Assert.Equal("w: has an element that is not finite; expected weights.", fault.Message);
    }

    private sealed class Product : IDisposable
    {
        private readonly SmallModel _model = new();
        private readonly Random _random = new(8);
        private readonly RandomDense _weights;
        private readonly string _difference;

        public Product(DenseType type, bool tied = false, string difference = "")
        {
            (_difference, _weights) = (difference, RandomDense.Of(type, N, K, _random));
            if (difference == "nan") BitConverter.TryWriteBytes(_weights.Stored.AsSpan(20), Half.NaN);
            GraphBuilder graph = _model.Graph;
            string weight = difference == "input"
                ? graph.Input("w", ElementType.Float, N, K)
                : _model.Weight<byte>("w", (ElementType)type, [N, K], _weights.Stored);
            if (difference == "computed") weight = graph.Node("abs", OpNames.Abs, [weight]);
            string x = graph.Input("x", ElementType.Float, difference == "transA" ? [K, "rows"] : ["rows", K]);
            string single = type == DenseType.Float32 ? weight : Cast(graph, "cast", weight);
            graph.Output(Multiply(graph, x, difference == "plain" ? graph.Node("turn", OpNames.Transpose, [single]) : single), ElementType.Float);
            if (tied) Look(graph, weight, type);
        }

        public (float[][] Stock, float[][] Ours, double[] Exact) Run(int rows, out KernelReport report)
        {
            float[] values = Difference.Numbers(_random, rows * K);
            using Feed feed = Inputs(values, rows);
            string file = _model.Save();
            return (ModelRun.Stock(file, feed), ModelRun.Kernels(file, feed, out report), _weights.Plain(values));
        }

        public void StaysStock()
        {
            using Feed feed = Inputs(Difference.Numbers(_random, 2 * K), 2);
            ModelRun.StaysStock(_model.Save(), feed, DenseProductOperator.OperatorName);
        }

        public void Dispose() => _model.Dispose();

        private Feed Inputs(float[] values, int rows)
        {
            Feed feed = new Feed().With("x", values, _difference == "transA" ? [K, rows] : [rows, K]);
            if (_difference == "input") feed.With("w", Difference.Numbers(_random, N * K), N, K);
            if (_model.Graph.Build(21, 10, "test").Proto.Graph.Input.All(input => input.Name != "ids")) return feed;
            return _difference == "int32" ? feed.With<int>("ids", [0, 44, 3], 3) : feed.With<long>("ids", [0, 44, 3], 3);
        }

        private string Multiply(GraphBuilder graph, string x, string weight) => _difference switch
        {
            "plain" => graph.Node("product", OpNames.MatMul, [x, weight]),
            "alpha" => graph.Node("product", OpNames.FusedMatMul, [x, weight], NodeAttribute.Int("transB", 1), NodeAttribute.Float("alpha", 0.5f)),
            "transA" => graph.Node("product", OpNames.FusedMatMul, [x, weight], NodeAttribute.Int("transB", 1), NodeAttribute.Int("transA", 1)),
            _ => graph.Node("product", OpNames.FusedMatMul, [x, weight], NodeAttribute.Int("transB", 1)),
        };

        private void Look(GraphBuilder graph, string weight, DenseType type)
        {
            string ids = graph.Input("ids", _difference == "int32" ? ElementType.Int32 : ElementType.Int64, "ids");
            string rows = graph.Node("look", OpNames.Gather, [weight, ids], NodeAttribute.Int("axis", _difference == "axis" ? 1 : 0));
            string single = type == DenseType.Float32 ? rows : Cast(graph, "look_cast", rows);
            graph.Output(single, ElementType.Float);
            if (_difference == "twice") graph.Output(Cast(graph, "again", rows), ElementType.Float);
        }

        private static string Cast(GraphBuilder graph, string name, string value) =>
            graph.Node(name, OpNames.Cast, [value], NodeAttribute.Int("to", (int)ElementType.Float));
    }
}
