using System.Runtime.InteropServices;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;
using static Onnx.Llama.Graph.NodeAttribute;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>cos and sin of every position and pair, as GroupQueryAttention and RotaryEmbedding take them: [positions, width / 2] float32.</summary>
internal static class RotaryTable
{
    private const string CosName = "cos_cache";
    private const string SinName = "sin_cache";

    /// <summary>Whether the frequencies change with the sequence's length, so that no table can be stored.</summary>
    public static bool DependsOnLength(RopeConfig rope) => rope is RopeConfig.Dynamic;

    /// <summary>Emits the tables.</summary>
    /// <param name="scope">The graph.</param>
    /// <param name="layout">How heads lie; pairs that are padding do not turn.</param>
    /// <param name="totalLength">int64 scalar: the sequence's length.</param>
    /// <returns>[positions, width / 2] each.</returns>
    public static (string Cos, string Sin) Emit(GraphScope scope, HeadLayout layout, string totalLength) => scope.Spec.Rope is RopeConfig.Dynamic dynamic
        ? EmitDynamic(scope.Graph, dynamic, layout, totalLength)
        : EmitStored(scope, layout);

    private static (string Cos, string Sin) EmitStored(GraphScope scope, HeadLayout layout)
    {
        RotaryFrequencies frequencies = RotaryFrequencies.Of(scope.Spec.Rope, layout.HeadDim);
        return (Stored(CosName, Math.Cos, 1), Stored(SinName, Math.Sin, 0));

        string Stored(string name, Func<double, double> function, float still)
        {
            int positions = scope.Spec.ContextLength;
            int pairs = layout.Width / 2;
            return scope.Float32(name, new ComputedRows(positions, pairs, Fill), positions, pairs);

            void Fill(long position, Span<float> row)
            {
                row.Fill(still);
                for (int pair = 0; pair < frequencies.Inverse.Length; pair++)
                {
                    // The angle is a float32, as in the reference; the function of it is rounded once.
                    float angle = position * frequencies.Inverse[pair];
                    row[pair] = (float)function(angle) * frequencies.AttentionFactor;
                }
            }
        }
    }

    /// <summary>
    /// NTK-aware scaling by length: with s = factor * max(total, original) / original - (factor - 1), the base is theta * s^(d / (d - 2)).
    /// The frequencies are computed in float64 and rounded once, the angles are float32.
    /// <code>
    /// total ─> Max ─> s ─> Pow ─> base ─> Pow ─> Div ─> inv_freq ─┐
    /// total ─> Range ─────────────────────────────────────────> Mul ─┬─> Cos
    ///                                                                └─> Sin
    /// </code>
    /// Pairs that are padding turn too, by the exponent 0: they turn zeros.
    /// </summary>
    private static (string Cos, string Sin) EmitDynamic(GraphBuilder graph, RopeConfig.Dynamic rope, HeadLayout layout, string totalLength)
    {
        const string Path = "/model/rotary";
        int headDim = layout.HeadDim;
        string total = Cast("total", totalLength, ElementType.Double);
        string longest = Node("longest/Max", OpNames.Max, total, Double("original", rope.OriginalMaxPositions));
        string scaled = Node("scaled/Mul", OpNames.Mul, longest, Double("slope", rope.Factor / rope.OriginalMaxPositions));
        string stretch = Node("stretch/Sub", OpNames.Sub, scaled, Double("offset", rope.Factor - 1));
        string growth = Node("growth/Pow", OpNames.Pow, stretch, Double("power", (double)headDim / (headDim - 2)));
        string theta = Node("theta/Mul", OpNames.Mul, growth, Double("original_theta", rope.Theta));

        double[] exponents = new double[layout.Width / 2];
        for (int pair = 0; pair < headDim / 2; pair++) exponents[pair] = RotaryFrequencies.Exponents(headDim)[pair];
        string powers = graph.Initializer($"{Path}/exponents", ElementType.Double, [exponents.Length], MemoryMarshal.AsBytes<double>(exponents));
        string inverse = Node("inv_freq/Div", OpNames.Div, Double("one", 1), Node("base/Pow", OpNames.Pow, theta, powers));

        string positions = graph.Node($"{Path}/positions/Range", OpNames.Range, [graph.Int64($"{Path}/first", 0), totalLength, graph.Int64($"{Path}/step", 1)]);
        string column = Node("positions/Reshape", OpNames.Reshape, Cast("positions", positions, ElementType.Float), graph.Int64s($"{Path}/column", -1, 1));
        string angles = Node("angles/Mul", OpNames.Mul, column, Cast("inv_freq", inverse, ElementType.Float));
        return (graph.Node($"{Path}/Cos", OpNames.Cos, [angles]), graph.Node($"{Path}/Sin", OpNames.Sin, [angles]));

        string Node(string name, OperatorName op, string a, string b) => graph.Node($"{Path}/{name}", op, [a, b]);

        string Cast(string name, string value, ElementType type) => graph.Node($"{Path}/{name}/Cast", OpNames.Cast, [value], Int("to", (int)type));

        string Double(string name, double value) =>
            graph.Initializer($"{Path}/{name}", ElementType.Double, [], MemoryMarshal.AsBytes(new ReadOnlySpan<double>(in value)));
    }
}
