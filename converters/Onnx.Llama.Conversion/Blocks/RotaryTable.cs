using System.Runtime.InteropServices;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;
using static Onnx.Llama.Graph.NodeAttribute;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>cos and sin of every position and pair, as GroupQueryAttention and RotaryEmbedding take them: [positions, width / 2] float32.</summary>
internal static class RotaryTable
{
    /// <summary>Whether the frequencies change with the sequence's length.</summary>
    public static bool DependsOnLength(RopeConfig? rope) => rope is RopeConfig.Dynamic or RopeConfig.LongRope;

    /// <summary>Emits the tables of a rotation.</summary>
    /// <param name="scope">The graph.</param>
    /// <param name="rope">The rotation.</param>
    /// <param name="layout">How heads lie; pairs that are padding or stay do not turn.</param>
    /// <param name="totalLength">int64 scalar: the sequence's length.</param>
    /// <param name="suffix">What tells the names of one rotation from those of others.</param>
    /// <returns>[positions, width / 2] each.</returns>
    public static (string Cos, string Sin) Emit(GraphScope scope, RopeConfig rope, HeadLayout layout, string totalLength, string suffix) => rope switch
    {
        RopeConfig.Dynamic dynamic => EmitDynamic(scope, dynamic, layout, totalLength, suffix),
        RopeConfig.LongRope longRope => EmitLongRope(scope, longRope, layout, totalLength, suffix),
        _ => EmitStored(scope, layout, suffix, new Turns(scope.Spec.ContextLength, RotaryFrequencies.Of(rope, 2 * layout.Pairs))),
    };

    /// <summary>Tables of successive rows, each part by its own frequencies and from position 0.</summary>
    private static (string Cos, string Sin) EmitStored(GraphScope scope, HeadLayout layout, string suffix, params Turns[] parts)
    {
        return (Stored("cos_cache", Math.Cos, 1), Stored("sin_cache", Math.Sin, 0));

        string Stored(string name, Func<double, double> function, float still)
        {
            RowSource rows = new StackedRows([.. parts.Select(part => Rows(part, function, still))]);
            return scope.Floats($"{name}{suffix}", rows, rows.Rows, rows.Columns);
        }

        ComputedRows Rows(Turns part, Func<double, double> function, float still) => new(part.Positions, layout.Width / 2, (position, row) =>
        {
            row.Fill(still);
            for (int pair = 0; pair < layout.Pairs; pair++)
            {
                // The angle is a float32, as in the reference; the function of it is rounded once.
                float angle = position * part.Frequencies.Inverse[pair];
                row[pair] = (float)function(angle) * part.Frequencies.AttentionFactor;
            }
        });
    }

    /// <summary>
    /// LongRoPE turns a sequence longer than the original context by other frequencies, all of it. Both tables lie one behind the other.
    /// <code>
    /// total ─┬─> Greater original ─> Where original, 0 ─┬─> Slice(table, start, start + total) ─> cos, sin
    ///        └────────────────────────────────────────Add ─^
    /// </code>
    /// </summary>
    private static (string Cos, string Sin) EmitLongRope(GraphScope scope, RopeConfig.LongRope rope, HeadLayout layout, string totalLength, string suffix)
    {
        GraphBuilder graph = scope.Graph;
        string path = $"/model/rotary{suffix}";
        int original = Math.Min(rope.OriginalMaxPositions, scope.Spec.ContextLength);
        (string cos, string sin) = EmitStored(
            scope, layout, $"{suffix}.short_long",
            new Turns(original, RotaryFrequencies.LongRope(rope, 2 * layout.Pairs, isLong: false)),
            new Turns(scope.Spec.ContextLength, RotaryFrequencies.LongRope(rope, 2 * layout.Pairs, isLong: true)));
        string total = graph.Node($"{path}/total/Reshape", OpNames.Reshape, [totalLength, scope.One]);
        string isLong = graph.Node($"{path}/Greater", OpNames.Greater, [total, scope.Int64s(original)]);
        string start = graph.Node($"{path}/Where", OpNames.Where, [isLong, scope.Int64s(original), scope.Int64s(0)]);
        string end = graph.Node($"{path}/Add", OpNames.Add, [start, total]);
        return (Rows("cos", cos), Rows("sin", sin));

        string Rows(string name, string table) => graph.Node($"{path}/{name}/Slice", OpNames.Slice, [table, start, end, scope.Int64s(0)]);
    }

    /// <summary>
    /// NTK-aware scaling by length: with s = factor * max(total, original) / original - (factor - 1), the base is theta * s^(d / (d - 2)).
    /// The frequencies are computed in float64 and rounded once, the angles are float32.
    /// <code>
    /// total ─> Max ─> s ─> Pow ─> base ─> Pow ─> Div ─> inv_freq ─┐
    /// total ─> Range ─────────────────────────────────────────> Mul ─┬─> Cos
    ///                                                                └─> Sin
    /// </code>
    /// </summary>
    private static (string Cos, string Sin) EmitDynamic(
        GraphScope scope, RopeConfig.Dynamic rope, HeadLayout layout, string totalLength, string suffix)
    {
        GraphBuilder graph = scope.Graph;
        string path = $"/model/rotary{suffix}";
        int headDim = 2 * layout.Pairs;
        string total = Cast("total", totalLength, ElementType.Double);
        string longest = Node("longest/Max", OpNames.Max, total, Double("original", rope.OriginalMaxPositions));
        string scaled = Node("scaled/Mul", OpNames.Mul, longest, Double("slope", rope.Factor / rope.OriginalMaxPositions));
        string stretch = Node("stretch/Sub", OpNames.Sub, scaled, Double("offset", rope.Factor - 1));
        string growth = Node("growth/Pow", OpNames.Pow, stretch, Double("power", (double)headDim / (headDim - 2)));
        string theta = Node("theta/Mul", OpNames.Mul, growth, Double("original_theta", rope.Theta));

        // Pairs that are padding or stay have a numerator of 0.
        double[] exponents = new double[layout.Width / 2];
        double[] numerators = new double[layout.Width / 2];
        for (int pair = 0; pair < layout.Pairs; pair++) (exponents[pair], numerators[pair]) = (RotaryFrequencies.Exponents(headDim)[pair], 1);
        string inverse = Node("inv_freq/Div", OpNames.Div, Doubles("numerators", numerators), Node("base/Pow", OpNames.Pow, theta, Doubles("exponents", exponents)));

        string positions = graph.Node($"{path}/positions/Range", OpNames.Range, [scope.Int64(0), totalLength, scope.Int64(1)]);
        string column = Node("positions/Reshape", OpNames.Reshape, Cast("positions", positions, ElementType.Float), scope.Int64s(-1, 1));
        string angles = Node("angles/Mul", OpNames.Mul, column, Cast("inv_freq", inverse, ElementType.Float));
        return (Function("Cos", OpNames.Cos), Function("Sin", OpNames.Sin));

        string Function(string name, OperatorName op) =>
            scope.ToActivations($"{path}/{name}", graph.Node($"{path}/{name}", op, [angles]), ElementType.Float);

        string Node(string name, OperatorName op, string a, string b) => graph.Node($"{path}/{name}", op, [a, b]);

        string Cast(string name, string value, ElementType type) => graph.Node($"{path}/{name}/Cast", OpNames.Cast, [value], Int("to", (int)type));

        string Doubles(string name, double[] values) =>
            graph.Initializer($"{path}/{name}", ElementType.Double, [values.Length], MemoryMarshal.AsBytes<double>(values));

        string Double(string name, double value) =>
            graph.Initializer($"{path}/{name}", ElementType.Double, [], MemoryMarshal.AsBytes(new ReadOnlySpan<double>(in value)));
    }

    /// <summary>So many positions from 0 on, turned by these frequencies.</summary>
    private sealed record Turns(int Positions, RotaryFrequencies Frequencies);
}
