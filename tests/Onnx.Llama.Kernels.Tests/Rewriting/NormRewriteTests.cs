using Onnx.Llama.Graph;
using Onnx.Llama.Kernels.Operators;
using Onnx.Llama.Kernels.Rewriting;

namespace Onnx.Llama.Kernels.Tests.Rewriting;

public sealed class NormRewriteTests
{
    private const int Width = 77;

    public static TheoryData<string, bool, bool> Cases { get; } = new(
        from op in new[] { "SimplifiedLayerNormalization", "LayerNormalization", "SkipSimplifiedLayerNormalization", "SkipLayerNormalization" }
        from biases in new[] { false, true }
        from sum in new[] { false, true }
        where op.StartsWith("Skip", StringComparison.Ordinal) || !sum
        where op != "SimplifiedLayerNormalization" || !biases
        select (op, biases, sum));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Prepare_Norm_IsStocksButForRounding(string op, bool biases, bool sum)
    {
        using SmallModel model = Model(op, biases, sum, ["rows", "tokens", Width]);
        using Feed feed = Inputs(op, 3, 5, [3, 5, Width]);
        float[][] ours = ModelRun.Kernels(model.Save(), feed, out KernelReport report);
        Assert.Equal(KeyValuePair.Create(NormOperator.OperatorName, 1), Assert.Single(report.Kernels));
        Assert.Empty(report.Stock);
        float[][] stock = ModelRun.Stock(model.File, feed);
        Assert.Equal(sum ? 2 : 1, ours.Length);
        for (int i = 0; i < stock.Length; i++) Difference.Near(stock[i], ours[i], 1e-6);
    }

    /// <summary>ONNX Runtime takes a skip that all rows share.</summary>
    [Theory]
    [InlineData("SkipSimplifiedLayerNormalization", 2)]
    [InlineData("SkipSimplifiedLayerNormalization", 3)]
    [InlineData("SkipLayerNormalization", 3)]
    public void Prepare_SkipOfAllRows_IsAddedToEach(string op, int rank)
    {
        Dimension[] skip = rank == 2 ? ["tokens", Width] : [1, "tokens", Width];
        using SmallModel model = Model(op, biases: true, sum: true, skip);
        using Feed feed = Inputs(op, 3, 5, rank == 2 ? [5, Width] : [1, 5, Width]);
        float[][] ours = ModelRun.Kernels(model.Save(), feed, out _);
        float[][] stock = ModelRun.Stock(model.File, feed);
        for (int i = 0; i < stock.Length; i++) Difference.Near(stock[i], ours[i], 1e-6);
    }

    [Theory]
    [InlineData("LayerNormalization", "axis")]
    [InlineData("LayerNormalization", "mean")]
    [InlineData("SkipLayerNormalization", "weight")]
    [InlineData("SimplifiedLayerNormalization", "weight")]
    public void Prepare_SomethingElse_StaysStock(string op, string difference)
    {
        using SmallModel model = Model(op, biases: false, sum: false, ["rows", "tokens", Width], difference);
        using Feed feed = Inputs(op, 3, 5, [3, 5, Width]);
        if (difference == "weight") feed.With("weight", Difference.Numbers(new Random(5), Width), Width);
        ModelRun.StaysStock(model.Save(), feed, NormOperator.OperatorName);
    }

    private static SmallModel Model(string op, bool biases, bool sum, Dimension[] skip, string difference = "")
    {
        Random random = new(3);
        SmallModel model = new();
        GraphBuilder graph = model.Graph;
        bool skips = op.StartsWith("Skip", StringComparison.Ordinal);
        int weights = difference == "axis" ? 5 * Width : Width;
        string x = graph.Input("x", ElementType.Float, "rows", "tokens", Width);
        List<string> inputs = skips ? [x, graph.Input("skip", ElementType.Float, skip)] : [x];
        inputs.Add(difference == "weight"
            ? graph.Input("weight", ElementType.Float, Width)
            : model.Floats("weight", difference == "axis" ? [5, Width] : [Width], Difference.Numbers(random, weights)));
        if (biases) inputs.Add(model.Floats("bias", [Width], Difference.Numbers(random, Width)));
        if (biases && op == "SkipLayerNormalization") inputs.Add(model.Floats("skip_bias", [Width], Difference.Numbers(random, Width)));
        List<NodeAttribute> attributes = [NodeAttribute.Float("epsilon", 1e-3f)];
        if (difference == "axis") attributes.Add(NodeAttribute.Int("axis", -2));
        string[] outputs = sum ? ["y", "", "", "sum"] : difference == "mean" ? ["y", "mean"] : ["y"];
        graph.Node("norm", new OperatorName(skips ? OpNames.Microsoft : "", op), [.. inputs], outputs, [.. attributes]);
        foreach (string output in outputs.Where(output => output.Length > 0)) graph.Output(output, ElementType.Float);
        return model;
    }

    private static Feed Inputs(string op, int rows, int tokens, long[] skip)
    {
        Random random = new(4);
        Feed feed = new Feed().With("x", Difference.Numbers(random, rows * tokens * Width), rows, tokens, Width);
        int count = (int)skip.Aggregate(1L, (product, length) => product * length);
        return op.StartsWith("Skip", StringComparison.Ordinal) ? feed.With("skip", Difference.Numbers(random, count), skip) : feed;
    }
}
