using Onnx.Llama.Conversion.Heads;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;
using static Onnx.Llama.Graph.NodeAttribute;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>What stands behind the decoder of a classifier or an embedder. Texts of several lengths are padded at their ends; attention_mask tells them.</summary>
internal static class HeadBlock
{
    public const string Scores = "scores";
    public const string Embedding = "embedding";

    private const string Path = "/head";

    /// <summary>
    /// <code>
    /// x ─> GatherND last ─> score ─> scores
    /// </code>
    /// </summary>
    /// <param name="scope">The graph.</param>
    /// <param name="x">[rows, positions, hidden].</param>
    /// <param name="mask">attention_mask.</param>
    /// <param name="head">The labels.</param>
    public static void EmitScores(GraphScope scope, string x, string mask, ModelHead.Classify head)
    {
        int labels = head.Labels.Count;
        RowSource weight = scope.Weights.Matrix(WeightNames.Weight(WeightNames.Score), labels, scope.Spec.Hidden, "labels x hidden_size");
        Matrix matrix = scope.Store(new NamedRows(GraphScope.WeightName(Path + "/score"), weight), new WeightFormat.Floats(scope.Activations));
        Output(scope, scope.Product($"{Path}/score", Last(scope, x, mask), matrix), Scores, labels);
    }

    /// <summary>
    /// <code>
    /// x ─> GatherND last ──────────────────────┐
    /// x ─> Mul mask ─> ReduceSum ─> Div tokens ┴─> [LpNormalization] ─> embedding
    /// </code>
    /// </summary>
    /// <param name="scope">The graph.</param>
    /// <param name="x">[rows, positions, hidden].</param>
    /// <param name="mask">attention_mask.</param>
    /// <param name="head">How to pool.</param>
    public static void EmitEmbedding(GraphScope scope, string x, string mask, ModelHead.Embed head)
    {
        string pooled = head.Pooling == Pooling.Last ? Last(scope, x, mask) : Mean(scope, x, mask);
        if (head.Normalized) pooled = scope.Graph.Node($"{Path}/LpNormalization", OpNames.LpNormalization, [pooled], Int("axis", -1), Int("p", 2));
        Output(scope, pooled, Embedding, scope.Spec.Hidden);
    }

    private static string Last(GraphScope scope, string x, string mask)
    {
        GraphBuilder graph = scope.Graph;
        string tokens = graph.Node($"{Path}/last/ReduceSum", OpNames.ReduceSum, [mask, scope.One], Int("keepdims", 1));
        string index = graph.Node($"{Path}/last/Sub", OpNames.Sub, [tokens, scope.One]);
        return graph.Node($"{Path}/last/GatherND", OpNames.GatherNd, [x, index], Int("batch_dims", 1));
    }

    /// <summary>In float32 whatever the graph computes in: sums of many float16 numbers overflow.</summary>
    private static string Mean(GraphScope scope, string x, string mask)
    {
        GraphBuilder graph = scope.Graph;
        string numbers = graph.Node($"{Path}/mean/Cast", OpNames.Cast, [x], Int("to", (int)ElementType.Float));
        string weights = graph.Node($"{Path}/mean/mask/Cast", OpNames.Cast, [mask], Int("to", (int)ElementType.Float));
        string column = graph.Node($"{Path}/mean/mask/Unsqueeze", OpNames.Unsqueeze, [weights, scope.Int64s(2)]);
        string masked = graph.Node($"{Path}/mean/Mul", OpNames.Mul, [numbers, column]);
        string sum = graph.Node($"{Path}/mean/ReduceSum", OpNames.ReduceSum, [masked, scope.One], Int("keepdims", 0));
        string tokens = graph.Node($"{Path}/mean/tokens/ReduceSum", OpNames.ReduceSum, [weights, scope.One], Int("keepdims", 1));
        string mean = graph.Node($"{Path}/mean/Div", OpNames.Div, [sum, tokens]);
        return scope.ToActivations($"{Path}/mean/back", mean, ElementType.Float);
    }

    private static void Output(GraphScope scope, string value, string name, int width)
    {
        scope.Graph.Node($"{Path}/{name}/Cast", OpNames.Cast, [value], [name], Int("to", (int)ElementType.Float));
        scope.Graph.Output(name, ElementType.Float, "batch_size", width);
    }
}
