using Onnx.Llama.Graph;
using Onnx.Llama.Kernels.Operators;
using Onnx.Llama.Kernels.Tests.Attention;

namespace Onnx.Llama.Kernels.Tests.Rewriting;

public sealed class AttentionRewriteTests
{
    private const int Decoded = 3;

    public static TheoryData<int, bool> Cases { get; } = new(from seed in Enumerable.Range(0, 12) from inPlace in new[] { false, true } select (seed, inPlace));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Prepare_Attention_IsStocksButForRounding(int seed, bool inPlace)
    {
        AttentionInput input = OrtCase.Of(seed, Decoded);
        int[] prompt = [.. input.Lengths.Select(length => length - Decoded)];
        int[] one = Array.ConvertAll(prompt, _ => 1);
        int[][] steps = [prompt, .. Enumerable.Repeat(one, Decoded)];
        using AttentionModel stock = new(input, input.Lengths.Max(), kernels: false, inPlace: inPlace);
        using AttentionModel ours = new(input, input.Lengths.Max(), kernels: true, inPlace: inPlace);
        Assert.True(ours.Report.Attends);
        Assert.True(ours.Report.IsBatchInvariant);
        Assert.Equal(KeyValuePair.Create(AttentionOperator.OperatorName, 1), Assert.Single(ours.Report.Kernels));
        Assert.Empty(ours.Report.Stock);
        float[][] expected = stock.Play(steps);
        float[][] actual = ours.Play(steps);
        for (int row = 0; row < expected.Length; row++) Difference.Near(expected[row], actual[row], 1e-5);
    }

    /// <summary>All layers or none: a second attention with a bias of scores keeps the first one stock as well.</summary>
    [Theory]
    [InlineData("position ids", false)]
    [InlineData("bias", false)]
    [InlineData("fourth output", false)]
    [InlineData("attribute", false)]
    [InlineData("none", true)]
    public void Describe_OneOfTwoIsUnknown_TakesNeither(string difference, bool takes)
    {
        using SmallModel model = new();
        GraphBuilder graph = model.Graph;
        foreach (string layer in new[] { "a", "b" })
        {
            List<string> inputs = [graph.Input($"{layer}.qkv", ElementType.Float, 1, "tokens", 48), "", ""];
            foreach (string name in new[] { "keys", "values" }) inputs.Add(graph.Input($"{layer}.{name}", ElementType.Float, 1, 1, "past", 16));
            inputs.AddRange([graph.Input($"{layer}.last", ElementType.Int32, 1), graph.Input($"{layer}.total", ElementType.Int32, 1)]);
            List<NodeAttribute> attributes = [NodeAttribute.Int("num_heads", 1), NodeAttribute.Int("kv_num_heads", 1)];
            List<string> outputs = [$"{layer}.y", $"{layer}.k", $"{layer}.v"];
            bool differs = layer == "b";
            if (differs && difference == "position ids") inputs.AddRange(["", "", graph.Input("positions", ElementType.Int64, 1, "tokens")]);
            if (differs && difference == "bias") inputs.AddRange(["", "", "", graph.Input("bias", ElementType.Float, 1, 1, "tokens", "total")]);
            if (differs && difference == "fourth output") outputs.Add("qk");
            if (differs && difference == "attribute") attributes.Add(NodeAttribute.Int("something_new", 0));
            graph.Node(layer, OpNames.GroupQueryAttention, [.. inputs], [.. outputs], [.. attributes]);
            graph.Output(outputs[0], ElementType.Float);
        }

        Assert.Equal(takes ? 2 : null, KernelGraph.Describe(model.Save())?.Kernels[AttentionOperator.OperatorName]);
    }
}
