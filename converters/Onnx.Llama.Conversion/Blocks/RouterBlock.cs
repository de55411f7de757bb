using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;
using static Onnx.Llama.Graph.NodeAttribute;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>
/// Chooses experts (see <see cref="Routing"/>). The operators of experts choose, and weight by the softmax over the chosen scores. Other routings are handed to
/// them in that form: the scores of chosen experts are the logarithms of their weights, those of the others are far below, and the output is multiplied by
/// the sum of the weights, since softmax makes it 1. (The operators' softmax over all scores is of no use: QMoE has none, and MoE of ONNX Runtime 1.31 on the
/// CPU returns wrong numbers where it writes over its input.) All of it is float32 on every target, as are the router's weights: a rounded score chooses
/// another expert.
/// </summary>
internal static class RouterBlock
{
    /// <summary>The score of an expert that is not chosen: its softmax is 0 in float32, and float16 holds it.</summary>
    private const float Never = -1e4f;

    /// <summary>
    /// <code>
    /// x ─> [Cast] ─> MatMul [─> Add bias] ─> routing ─> [Cast] ─> Reshape ─> scores
    /// </code>
    /// </summary>
    /// <param name="scope">The graph.</param>
    /// <param name="layer">The layer's index.</param>
    /// <param name="path">The nodes' path.</param>
    /// <param name="x">[rows, positions, hidden].</param>
    public static Routed Emit(GraphScope scope, int layer, string path, string x)
    {
        ExpertsSpec experts = scope.Spec.Experts!;
        string scores = Scores(scope, layer, path, x);
        Routed routed = experts.Routing switch
        {
            Routing.Softmax(var normalized) => new Routed(scores, normalized ? null : ShareOfChosen(scope, path, scores)),
            Routing.BiasedSigmoid sigmoid => BiasedSigmoid(scope, layer, path, scores, sigmoid),
            Routing.SparseMixer(var jitter) => SparseMixer(scope, path, scores, jitter),
            _ => throw new ArgumentOutOfRangeException(nameof(scope), experts.Routing, "expected a known routing"),
        };
        string flat = scope.Graph.Node($"{path}/Reshape", OpNames.Reshape, [routed.Scores, scope.Int64s(-1, experts.Count)]);
        return routed with
        {
            Scores = scope.ToActivations(path, flat, ElementType.Float),
            Factor = routed.Factor is { } factor ? scope.ToActivations($"{path}/factor", factor, ElementType.Float) : null,
        };
    }

    /// <summary>What the operators make of scores, for graphs that have none: the softmax over the k greatest, 0 elsewhere; both [tokens, experts].</summary>
    public static string Shares(GraphScope scope, string path, string scores)
    {
        (string values, string indices) = Greatest(scope, path, scores, scope.Spec.Experts!.Chosen);
        return Placed(scope, path, scores, indices, scope.Graph.Node($"{path}/Softmax", OpNames.Softmax, [values], Int("axis", -1)), 0);
    }

    /// <summary>[rows, positions, experts] float32.</summary>
    private static string Scores(GraphScope scope, int layer, string path, string x)
    {
        ExpertsSpec experts = scope.Spec.Experts!;
        string router = WeightNames.Layer(layer, scope.Spec.Weights.Experts.Router);
        string name = path.TrimStart('/').Replace('/', '.');
        string weight = scope.Floats(
            $"{name}.MatMul.weight",
            scope.Weights.Matrix(WeightNames.Weight(router), experts.Count, scope.Spec.Hidden, "number of experts x hidden_size"),
            ElementType.Float,
            experts.Count,
            scope.Spec.Hidden);
        string single = scope.Activations == ElementType.Float ? x : scope.Graph.Node($"{path}/x/Cast", OpNames.Cast, [x], Int("to", (int)ElementType.Float));
        string scores = scope.Target.IsStandard
            ? StandardForm.Product(scope, path, single, new Matrix(weight, ElementType.Float), output: null)
            : scope.Graph.Node($"{path}/MatMul", OpNames.FusedMatMul, [single, weight], Int("transA", 0), Int("transB", 1));
        if (!experts.RouterBias) return scores;
        RowSource bias = scope.Weights.Vector(WeightNames.Bias(router), experts.Count, "number of experts");
        return scope.Graph.Node($"{path}/Add", OpNames.Add, [scores, scope.Floats($"{name}.Add.bias", bias, ElementType.Float, experts.Count)]);
    }

    /// <summary>The sum of the chosen experts' shares of the softmax over all.</summary>
    private static string ShareOfChosen(GraphScope scope, string path, string scores)
    {
        string shares = scope.Graph.Node($"{path}/Softmax", OpNames.Softmax, [scores], Int("axis", -1));
        (string chosen, _) = Greatest(scope, path, shares, scope.Spec.Experts!.Chosen);
        return Sum(scope, path, chosen);
    }

    /// <summary>
    /// <code>
    /// scores ─> Sigmoid ─┬─> Add bias [─> only the best groups] ─> TopK ─> indices ─┬─> ScatterElements ─> scores
    ///                    └──────────────────────────────> GatherElements ─> Log ────┘
    /// </code>
    /// </summary>
    private static Routed BiasedSigmoid(GraphScope scope, int layer, string path, string scores, Routing.BiasedSigmoid routing)
    {
        GraphBuilder graph = scope.Graph;
        ExpertsSpec experts = scope.Spec.Experts!;
        string sigmoid = graph.Node($"{path}/Sigmoid", OpNames.Sigmoid, [scores]);
        string name = WeightNames.Layer(layer, scope.Spec.Weights.Experts.ChoiceBias);
        string bias = scope.Floats(
            NormBlock.GraphName(name), scope.Weights.Vector(name, experts.Count, "number of experts"), ElementType.Float, experts.Count);
        string choice = graph.Node($"{path}/choice/Add", OpNames.Add, [sigmoid, bias]);
        if (routing.ChosenGroups < routing.Groups) choice = OnlyBestGroups(scope, $"{path}/groups", choice, routing);
        (_, string indices) = Greatest(scope, $"{path}/choice", choice, experts.Chosen);
        string weights = graph.Node($"{path}/GatherElements", OpNames.GatherElements, [sigmoid, indices], Int("axis", -1));
        string? factor = routing.Scale == 1 ? null : scope.Single(routing.Scale);
        if (!routing.Normalized)
        {
            string sum = Sum(scope, path, weights);
            factor = factor is null ? sum : graph.Node($"{path}/scale/Mul", OpNames.Mul, [sum, factor]);
        }

        return new Routed(Placed(scope, path, scores, indices, graph.Node($"{path}/Log", OpNames.Log, [weights]), Never), factor);
    }

    /// <summary>
    /// <code>
    /// choice ─> Reshape [.., groups, size] ─┬─> TopK 2 ─> ReduceSum ─> TopK ─> ScatterElements ─> Greater ─┐
    ///                                       └─────────────────────────────────────────────────────────> Where ─> Reshape
    /// </code>
    /// </summary>
    private static string OnlyBestGroups(GraphScope scope, string path, string choice, Routing.BiasedSigmoid routing)
    {
        // Below any sum of two sigmoids with their biases.
        const float Lost = -1e30f;
        GraphBuilder graph = scope.Graph;
        int size = scope.Spec.Experts!.Count / routing.Groups;
        string grouped = graph.Node($"{path}/Reshape", OpNames.Reshape, [choice, scope.Int64s(0, 0, routing.Groups, size)]);
        (string best, _) = Greatest(scope, $"{path}/two", grouped, 2);
        string sums = graph.Node($"{path}/ReduceSum", OpNames.ReduceSum, [best, scope.Int64s(-1)], Int("keepdims", 0));
        (string values, string indices) = Greatest(scope, $"{path}/best", sums, routing.ChosenGroups);
        string remaining = graph.Node($"{path}/Greater", OpNames.Greater, [Placed(scope, path, sums, indices, values, Lost), scope.Single(Lost)]);
        string column = graph.Node($"{path}/Unsqueeze", OpNames.Unsqueeze, [remaining, scope.Int64s(-1)]);
        string kept = graph.Node($"{path}/Where", OpNames.Where, [column, grouped, scope.Single(0)]);
        return graph.Node($"{path}/Join", OpNames.Reshape, [kept, scope.Int64s(0, 0, scope.Spec.Experts.Count)]);
    }

    /// <summary>
    /// The two greatest scores m1, m2; for each
    /// <code>
    /// scores [─> without the first] ─┬─> (m - s) / max(|s|, m) > 2 jitter ─> Where -1e30 ─> Softmax ─> ReduceMax ─> weight
    /// m ─────────────────────────────┘
    /// </code>
    /// The chosen score is the greatest of what remains, so its weight is the greatest too.
    /// </summary>
    private static Routed SparseMixer(GraphScope scope, string path, string scores, float jitter)
    {
        const float Lost = -1e30f;
        GraphBuilder graph = scope.Graph;
        (string values, string indices) = Greatest(scope, path, scores, 2);
        string magnitudes = graph.Node($"{path}/Abs", OpNames.Abs, [scores]);
        string first = Weight("first", scores, Nth("first/value", values, 0));
        string firstIndex = Nth("first/index", indices, 0);
        string one = graph.Node($"{path}/one/Expand", OpNames.Expand, [scope.Single(Lost), graph.Node($"{path}/one/Shape", OpNames.Shape, [firstIndex])]);
        string others = graph.Node($"{path}/others/ScatterElements", OpNames.ScatterElements, [scores, firstIndex, one], Int("axis", -1));
        string second = Weight("second", others, Nth("second/value", values, 1));
        string weights = graph.Node($"{path}/Concat", OpNames.Concat, [first, second], Int("axis", -1));
        string sum = graph.Node($"{path}/Add", OpNames.Add, [first, second]);
        return new Routed(Placed(scope, path, scores, indices, graph.Node($"{path}/Log", OpNames.Log, [weights]), Never), sum);

        string Nth(string name, string pair, int index) => graph.Node(
            $"{path}/{name}/Slice", OpNames.Slice, [pair, scope.Int64s(index), scope.Int64s(index + 1), scope.Int64s(-1)]);

        string Weight(string name, string remaining, string greatest)
        {
            string node = $"{path}/{name}";
            string bound = graph.Node($"{node}/Max", OpNames.Max, [magnitudes, greatest]);
            string distance = graph.Node($"{node}/Div", OpNames.Div, [graph.Node($"{node}/Sub", OpNames.Sub, [greatest, scores]), bound]);
            string isFar = graph.Node($"{node}/Greater", OpNames.Greater, [distance, scope.Single(2 * jitter)]);
            string near = graph.Node($"{node}/Where", OpNames.Where, [isFar, scope.Single(Lost), remaining]);
            string shares = graph.Node($"{node}/Softmax", OpNames.Softmax, [near], Int("axis", -1));
            return graph.Node($"{node}/ReduceMax", OpNames.ReduceMax, [shares, scope.Int64s(-1)], Int("keepdims", 1));
        }
    }

    private static string Sum(GraphScope scope, string path, string x) =>
        scope.Graph.Node($"{path}/ReduceSum", OpNames.ReduceSum, [x, scope.Int64s(-1)], Int("keepdims", 1));

    /// <summary>The greatest along the last axis, of equal ones the first.</summary>
    private static (string Values, string Indices) Greatest(GraphScope scope, string path, string x, int count)
    {
        string node = $"{path}/TopK";
        scope.Graph.Node(
            node, OpNames.TopK, [x, scope.Int64s(count)], [$"{node}/output_0", $"{node}/output_1"], Int("axis", -1), Int("largest", 1), Int("sorted", 1));
        return ($"{node}/output_0", $"{node}/output_1");
    }

    /// <summary>A tensor of the shape of another that has values where indices along the last axis say so, and one number elsewhere.</summary>
    private static string Placed(GraphScope scope, string path, string like, string indices, string values, float elsewhere)
    {
        string shape = scope.Graph.Node($"{path}/placed/Shape", OpNames.Shape, [like]);
        string filled = scope.Graph.Node($"{path}/placed/Expand", OpNames.Expand, [scope.Single(elsewhere), shape]);
        return scope.Graph.Node($"{path}/placed/ScatterElements", OpNames.ScatterElements, [filled, indices, values], Int("axis", -1));
    }
}
