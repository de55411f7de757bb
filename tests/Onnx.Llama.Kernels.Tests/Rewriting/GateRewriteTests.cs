using Onnx.Llama.Graph;
using Onnx.Llama.Kernels.Operators;
using Onnx.Llama.Kernels.Products;
using Onnx.Llama.Kernels.Rewriting;
using Onnx.Llama.Kernels.Tests.Products;

namespace Onnx.Llama.Kernels.Tests.Rewriting;

public sealed class GateRewriteTests
{
    private const int N = 50;
    private const int K = 96;

    [Theory]
    [InlineData("silu", false, 1)]
    [InlineData("silu", true, 7)]
    [InlineData("gelu", false, 4)]
    [InlineData("gelu", true, 1)]
    [InlineData("gelu_microsoft", false, 6)]
    [InlineData("gelu_tanh", false, 5)]
    [InlineData("fast_gelu", true, 2)]
    public void Prepare_GatedProduct_IsOneNode(string activation, bool gateLast, int rows)
    {
        using Pair pair = new(activation, gateLast);
        (double[] exact, float[] stock, float[] ours) = pair.Run(rows, out KernelReport report);
        Assert.Equal(KeyValuePair.Create(QuantProductOperator.OperatorName, 1), Assert.Single(report.Kernels));
        Assert.Empty(report.Stock);
        ProductRewriteTests.AssertNoWorse(exact, stock, ours);
    }

    /// <summary>Both products still become the kernels', but the gate stays where it is.</summary>
    [Theory]
    [InlineData("quick")]
    [InlineData("silu", "gate")]
    [InlineData("silu", "activation")]
    [InlineData("silu", "up")]
    [InlineData("silu", "shape")]
    [InlineData("silu", "inner")]
    public void Prepare_SomethingElse_KeepsTheGate(string activation, string? use = null)
    {
        using Pair pair = new(activation, gateLast: false, use);
        (double[] exact, float[] stock, float[] ours) = pair.Run(3, out KernelReport report);
        Assert.Equal(2, report.Kernels[QuantProductOperator.OperatorName]);
        Assert.Equal(1, report.Stock["Mul"]);
        ProductRewriteTests.AssertNoWorse(exact, stock, ours);
    }

    /// <summary>A gate whose two products are one is no gate.</summary>
    [Fact]
    public void Prepare_ProductTimesItsOwnActivation_KeepsTheGate()
    {
        Random random = new(6);
        using SmallModel model = new();
        using RandomMatrix matrix = new(new QuantFormat(4, 32, false), N, K, random);
        string product = model.Product("one", model.Graph.Input("x", ElementType.Float, "rows", K), matrix);
        string gate = model.Graph.Node("act", OpNames.QuickGelu, [product], NodeAttribute.Float("alpha", 1));
        model.Graph.Output(model.Graph.Node("mul", OpNames.Mul, [gate, product]), ElementType.Float);
        using Feed feed = new Feed().With("x", Difference.Numbers(random, K), 1, K);
        float[] ours = ModelRun.Kernels(model.Save(), feed, out KernelReport report)[0];
        Assert.Equal(1, report.Kernels[QuantProductOperator.OperatorName]);
        Difference.Near(ModelRun.Stock(model.File, feed)[0], ours, 1e-2);
    }

    private sealed class Pair : IDisposable
    {
        private readonly SmallModel _model = new();
        private readonly Random _random = new(1);
        private readonly string _activation;
        private readonly Action<OnnxModel>? _change;
        private readonly RandomMatrix _gate;
        private readonly RandomMatrix _up;

        public Pair(string activation, bool gateLast, string? use = null)
        {
            _activation = activation;
            _gate = new RandomMatrix(new QuantFormat(4, 32, false), N, K, _random);
            _up = new RandomMatrix(new QuantFormat(use == "shape" ? 8 : 4, 32, false), N, K, _random);
            GraphBuilder graph = _model.Graph;
            string x = graph.Input("x", ElementType.Float, "rows", K);
            string gate = _model.Product("gate", x, _gate);
            string up = _model.Product("up", x, _up);
            string activated = Activate(graph, gate);
            graph.Output(graph.Node("mul", OpNames.Mul, gateLast ? [up, activated] : [activated, up]), ElementType.Float);
            if (use is "gate" or "activation" or "up") graph.Output(use switch { "gate" => gate, "up" => up, _ => activated }, ElementType.Float);
            _change = use == "inner" ? built => InnerGraph.Add(built, up) : null;
        }

        /// <summary>The first output: in float64, as stock, and as ours.</summary>
        public (double[] Exact, float[] Stock, float[] Ours) Run(int rows, out KernelReport report)
        {
            float[] values = Difference.Numbers(_random, rows * K);
            for (int i = 0; i < values.Length; i++) values[i] *= 10;
            using Feed feed = new Feed().With("x", values, rows, K);
            string file = _model.Save(_change);
            float[][] ours = ModelRun.Kernels(file, feed, out report);
            float[][] stock = ModelRun.Stock(file, feed);
            for (int i = 1; i < stock.Length; i++) Difference.Near(stock[i], ours[i], 1e-2);
            return ([.. _gate.Multiply(values).Zip(_up.Multiply(values), (gate, up) => Plain(gate) * up)], stock[0], ours[0]);
        }

        public void Dispose()
        {
            _model.Dispose();
            _gate.Dispose();
            _up.Dispose();
        }

        private string Activate(GraphBuilder graph, string gate) => _activation switch
        {
            "silu" => graph.Node("act", OpNames.QuickGelu, [gate], NodeAttribute.Float("alpha", 1)),
            "quick" => graph.Node("act", OpNames.QuickGelu, [gate], NodeAttribute.Float("alpha", 1.702f)),
            "gelu" => graph.Node("act", OpNames.Gelu, [gate]),
            "gelu_tanh" => graph.Node("act", OpNames.Gelu, [gate], NodeAttribute.Text("approximate", "tanh")),
            "gelu_microsoft" => graph.Node("act", new OperatorName(OpNames.Microsoft, "Gelu"), [gate]),
            _ => graph.Node("act", new OperatorName(OpNames.Microsoft, "FastGelu"), [gate]),
        };

        private double Plain(double x) => _activation switch
        {
            "silu" => x / (1 + Math.Exp(-x)),
            "quick" => x / (1 + Math.Exp(-1.702f * x)),
            "gelu" or "gelu_microsoft" => x / 2 * (1 + Erf(x / Math.Sqrt(2))),
            _ => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        };

        /// <summary>By its series, which is exact enough below 6; beyond, it is 1.</summary>
        private static double Erf(double x)
        {
            if (Math.Abs(x) > 5) return Math.Sign(x);
            double term = x;
            double sum = x;
            for (int n = 1; n < 120; n++)
            {
                term *= -x * x / n;
                sum += term / ((2 * n) + 1);
            }

            return 2 / Math.Sqrt(Math.PI) * sum;
        }
    }
}
