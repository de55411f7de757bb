using System.Globalization;
using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Graph;
using static Onnx.Llama.Graph.NodeAttribute;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>
/// The experts by ONNX's own operators, which have none for them: each expert takes the rows of those positions that chose it, and of no others; an expert
/// that nobody chose multiplies matrices of no rows.
/// </summary>
internal static class StandardExperts
{
    /// <summary>
    /// <code>
    /// scores ─> TopK ─> Softmax ─> weights of all experts [tokens, experts], 0 where not chosen
    ///
    /// for each expert: weights ─> its column ─> Greater 0 ─┬─> Compress(x) ─> gate and up ─> down ─> Mul ─┐
    ///                                                      ├─> Compress(column) ────────────────────^    ScatterND add ─> y
    ///                                                      └─> Compress(0, 1, ..) ────────────────────────┘
    /// </code>
    /// </summary>
    /// <returns>[rows, positions, hidden].</returns>
    public static string Emit(GraphScope scope, string path, string x, Routed routed, ExpertWeights weights)
    {
        GraphBuilder graph = scope.Graph;
        string tokens = graph.Node($"{path}/tokens/Reshape", OpNames.Reshape, [x, scope.Int64s(-1, scope.Spec.Hidden)]);
        string shape = graph.Node($"{path}/tokens/Shape", OpNames.Shape, [tokens]);
        string count = graph.Node($"{path}/tokens/Gather", OpNames.Gather, [shape, scope.Int64(0)], Int("axis", 0));
        string places = graph.Node($"{path}/tokens/Range", OpNames.Range, [scope.Int64(0), count, scope.Int64(1)]);
        string shares = RouterBlock.Shares(scope, $"{path}/router/shares", routed.Scores);
        string y = graph.Node($"{path}/tokens/Expand", OpNames.Expand, [scope.Scalar(0), shape]);
        Operands operands = new(
            [.. weights.GateUp().Parts.Select(part => scope.Store(part.Part, scope.Recipe.Layers))], weights.GateUpBias(),
            [.. weights.Down().Parts.Select(part => scope.Store(part.Part, scope.Recipe.Layers))], weights.DownBias());
        for (int expert = 0; expert < scope.Spec.Experts!.Count; expert++)
        {
            string node = $"{path}/experts/{expert.ToString(CultureInfo.InvariantCulture)}";
            string share = graph.Node($"{node}/Gather", OpNames.Gather, [shares, scope.Int64(expert)], Int("axis", 1));
            string chose = graph.Node($"{node}/Greater", OpNames.Greater, [share, scope.Scalar(0)]);
            string output = Network(scope, node, Taken("x", tokens), expert, operands, weights.Width);
            string weighted = graph.Node($"{node}/Mul", OpNames.Mul, [output, Column("share", Taken("share", share))]);
            y = graph.Node($"{node}/ScatterND", OpNames.ScatterNd, [y, Column("places", Taken("places", places)), weighted], Text("reduction", "add"));

            string Taken(string name, string from) => graph.Node($"{node}/{name}/Compress", OpNames.Compress, [from, chose], Int("axis", 0));

            string Column(string name, string vector) => graph.Node($"{node}/{name}/Unsqueeze", OpNames.Unsqueeze, [vector, scope.One]);
        }

        return graph.Node($"{path}/Reshape", OpNames.Reshape, [y, graph.Node($"{path}/Shape", OpNames.Shape, [x])]);
    }

    /// <summary>
    /// <code>
    /// x ─> gate and up in turn ─> Reshape [n, width, 2] ─┬─> gate ─> f ─┐
    ///                                                    └─> up ──────Mul ─> down
    /// </code>
    /// </summary>
    private static string Network(GraphScope scope, string path, string x, int expert, Operands operands, int width)
    {
        GraphBuilder graph = scope.Graph;
        string both = Linear("gate_up_proj", x, operands.GateUp[expert], operands.GateUpBias);
        string pairs = graph.Node($"{path}/pairs/Reshape", OpNames.Reshape, [both, scope.Int64s(0, width, 2)]);
        string gate = graph.Node($"{path}/gate/Gather", OpNames.Gather, [pairs, scope.Int64(0)], Int("axis", 2));
        string up = graph.Node($"{path}/up/Gather", OpNames.Gather, [pairs, scope.Int64(1)], Int("axis", 2));
        string inner = scope.Spec.Experts!.ClampedGate is { } clamped ? Clamped(scope, path, gate, up, clamped) : Gated(scope, path, gate, up);
        return Linear("down_proj", inner, operands.Down[expert], operands.DownBias);

        string Linear(string name, string from, Matrix matrix, string biases)
        {
            string product = scope.Product($"{path}/{name}", from, matrix);
            if (biases.Length == 0) return product;
            string bias = graph.Node($"{path}/{name}/Gather", OpNames.Gather, [biases, scope.Int64(expert)], Int("axis", 0));
            return graph.Node($"{path}/{name}/Add", OpNames.Add, [product, bias]);
        }
    }

    private static string Gated(GraphScope scope, string path, string gate, string up) =>
        scope.Graph.Node($"{path}/inner/Mul", OpNames.Mul, [ActivationBlock.Silu(scope, $"{path}/act_fn", gate), up]);

    /// <summary>See <see cref="ClampedGate"/>.</summary>
    private static string Clamped(GraphScope scope, string path, string gate, string up, ClampedGate settings)
    {
        GraphBuilder graph = scope.Graph;
        string g = graph.Node($"{path}/gate/Min", OpNames.Min, [gate, scope.Scalar(settings.Limit)]);
        string u = graph.Node($"{path}/up/Clip", OpNames.Clip, [up, scope.Scalar(-settings.Limit), scope.Scalar(settings.Limit)]);
        string scaled = graph.Node($"{path}/gate/Mul", OpNames.Mul, [g, scope.Scalar(settings.Alpha)]);
        string swish = graph.Node($"{path}/gate/swish/Mul", OpNames.Mul, [g, graph.Node($"{path}/gate/Sigmoid", OpNames.Sigmoid, [scaled])]);
        return graph.Node($"{path}/inner/Mul", OpNames.Mul, [swish, graph.Node($"{path}/up/Add", OpNames.Add, [u, scope.Scalar(1)])]);
    }

    /// <summary>Matrices of each expert, and the biases of all.</summary>
    private sealed record Operands(IReadOnlyList<Matrix> GateUp, string GateUpBias, IReadOnlyList<Matrix> Down, string DownBias);
}
