using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;
using static Onnx.Llama.Graph.NodeAttribute;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>The function of a feed-forward network, see <see cref="Activation"/>.</summary>
internal static class ActivationBlock
{
    /// <summary>Applies the family's function to each number of x.</summary>
    public static string Emit(GraphScope scope, int layer, string path, string x)
    {
        GraphBuilder graph = scope.Graph;
        string node = $"{path}/act_fn";
        return scope.Spec.Activation switch
        {
            Activation.Silu => Silu(scope, node, x),
            Activation.Gelu => graph.Node($"{node}/Gelu", OpNames.Gelu, [x], Text("approximate", "none")),
            Activation.GeluTanh => graph.Node($"{node}/Gelu", OpNames.Gelu, [x], Text("approximate", "tanh")),
            Activation.Relu2 => Squared(graph, node, graph.Node($"{node}/Relu", OpNames.Relu, [x])),
            Activation.Xielu => Xielu(scope, layer, node, x),
            _ => throw new ArgumentOutOfRangeException(nameof(scope), scope.Spec.Activation, "expected a known function"),
        };
    }

    /// <summary><c>x * sigmoid(x)</c>. QuickGelu is one pass on the CPU; elsewhere the two stand apart, and GPU providers fuse them themselves.</summary>
    public static string Silu(GraphScope scope, string node, string x)
    {
        if (scope.Target is { IsGpu: false, IsStandard: false }) return scope.Graph.Node($"{node}/QuickGelu", OpNames.QuickGelu, [x], Float("alpha", 1));
        string sigmoid = scope.Graph.Node($"{node}/Sigmoid", OpNames.Sigmoid, [x]);
        return scope.Graph.Node($"{node}/Mul", OpNames.Mul, [x, sigmoid]);
    }

    private static string Squared(GraphBuilder graph, string node, string x) => graph.Node($"{node}/Mul", OpNames.Mul, [x, x]);

    /// <summary>
    /// <code>
    /// x ─┬─> Mul x ─> Mul a ──────────────────────────────┐
    ///    ├─> Min e ─> Exp ─> Sub 1 ─> Sub x ─> Mul n ──────┤
    ///    ├─> Greater 0 ──────────────────────────────> Where ─> Add ─> y
    ///    └─> Mul b ────────────────────────────────────────────┘
    /// </code>
    /// </summary>
    private static string Xielu(GraphScope scope, int layer, string node, string x)
    {
        GraphBuilder graph = scope.Graph;
        RowSource beta = Stored("beta", []);
        string a = Parameter("alpha_p", new MappedRows(Stored("alpha_p", [1]), Softplus));
        string n = Parameter("alpha_n", new SummedRows(new MappedRows(Stored("alpha_n", [1]), Softplus), beta));
        string square = graph.Node($"{node}/positive/Mul", OpNames.Mul, [Squared(graph, $"{node}/square", x), a]);
        string bounded = graph.Node($"{node}/negative/Min", OpNames.Min, [x, Parameter("eps", Stored("eps", []))]);
        string power = graph.Node($"{node}/negative/Exp", OpNames.Exp, [bounded]);
        string less = graph.Node($"{node}/negative/One", OpNames.Sub, [power, scope.Scalar(1)]);
        string lesser = graph.Node($"{node}/negative/Sub", OpNames.Sub, [less, x]);
        string negative = graph.Node($"{node}/negative/Mul", OpNames.Mul, [lesser, n]);
        string isPositive = graph.Node($"{node}/Greater", OpNames.Greater, [x, scope.Scalar(0)]);
        string curve = graph.Node($"{node}/Where", OpNames.Where, [isPositive, square, negative]);
        string line = graph.Node($"{node}/linear/Mul", OpNames.Mul, [x, Parameter("beta", beta)]);
        return graph.Node($"{node}/Add", OpNames.Add, [curve, line]);

        RowSource Stored(string part, long[] shape) => scope.Weights.Elements(WeightNames.Layer(layer, $"mlp.act_fn.{part}"), shape, "a number");

        string Parameter(string part, RowSource rows) => scope.Floats(NormBlock.GraphName(WeightNames.Layer(layer, $"mlp.act_fn.{part}")), rows, 1);
    }

    private static float Softplus(float x) => x > 20 ? x : MathF.Log(1 + MathF.Exp(x));
}
