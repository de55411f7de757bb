using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>
/// The norm of queries or keys. A padded head has zeros behind its D dimensions, up to W, so the operator's mean of squares is D / W of the true one:
/// <c>x / sqrt(S / D + e) = x * sqrt(D / W) / sqrt(S / W + e * D / W)</c>, which is the norm with another gain and epsilon.
/// </summary>
internal static class HeadNormBlock
{
    /// <summary>
    /// <code>
    /// x ─> Reshape [rows, positions * heads, width] ─> norm [─> Mul gain of each head] ─> Reshape ─> y     (each head)
    /// x ─> norm ─> y                                                                                       (all heads together)
    /// </code>
    /// </summary>
    /// <param name="scope">The graph.</param>
    /// <param name="layer">The layer's index.</param>
    /// <param name="path">The nodes' path.</param>
    /// <param name="part">The norm's name in the layer.</param>
    /// <param name="x">[rows, positions, heads * width].</param>
    /// <param name="heads">How many heads.</param>
    /// <param name="layout">How they lie.</param>
    /// <returns>[rows, positions, heads * width].</returns>
    public static string Emit(GraphScope scope, int layer, string path, string part, string x, int heads, HeadLayout layout)
    {
        HeadNorm head = scope.Spec.HeadNorm!;
        float share = (float)layout.HeadDim / layout.Width;
        NormSpec norm = head.Norm with { Epsilon = head.Norm.Epsilon * share };
        if (norm.Centered && layout.IsPadded)
        {
            throw new ConversionException(
                part, FormattableString.Invariant($"is a LayerNorm of heads of {layout.HeadDim}; expected a multiple of 16. This combination is not supported."));
        }

        string name = WeightNames.Layer(layer, part);
        return head.Scope switch
        {
            HeadNormScope.AllHeads => NormBlock.Emit(scope, $"{path}/LayerNorm", x, Weights(heads, heads * layout.Width), norm),
            HeadNormScope.Head => Joined(NormBlock.Emit(scope, $"{path}/LayerNorm", Heads(), Weights(1, layout.Width), norm)),
            _ => Joined(Scaled(NormBlock.Emit(scope, $"{path}/LayerNorm", Heads(), new NormWeights(scope.Ones(layout.Width), null), norm))),
        };

        string Heads() => scope.Graph.Node($"{path}/Heads", OpNames.Reshape, [x, scope.Int64s(0, -1, layout.Width)]);

        string Joined(string y) => scope.Graph.Node($"{path}/Join", OpNames.Reshape, [y, scope.Int64s(0, -1, heads * layout.Width)]);

        NormWeights Weights(int stored, int length) => new(
            scope.Floats(NormBlock.GraphName(WeightNames.Weight(name)), Gain(stored), length),
            norm.Bias ? scope.Floats(NormBlock.GraphName(WeightNames.Bias(name)), Moved(WeightNames.Bias(name), stored), length) : null);

        string Scaled(string y)
        {
            string four = scope.Graph.Node($"{path}/Own", OpNames.Reshape, [y, scope.Int64s(0, -1, heads, layout.Width)]);
            string gain = scope.Floats(NormBlock.GraphName(WeightNames.Weight(name)), Gain(heads), heads, layout.Width);
            return scope.Graph.Node($"{path}/Mul", OpNames.Mul, [four, gain]);
        }

        RowSource Gain(int stored)
        {
            RowSource moved = Moved(WeightNames.Weight(name), stored);
            float factor = MathF.Sqrt(share);
            return layout.IsPadded || norm.Offset != 0 ? new MappedRows(moved, gain => (gain + norm.Offset) * factor) : moved;
        }

        RowSource Moved(string tensor, int stored)
        {
            RowSource source = Stored(tensor, stored);
            return layout.IsMoved ? new HeadRows(source, stored, layout.Rotated) : source;
        }

        RowSource Stored(string tensor, int stored)
        {
            const string Why = "a norm of queries or keys";
            if (head.Scope != HeadNormScope.OwnHead) return scope.Weights.Column(tensor, stored * layout.HeadDim, Why);
            if (!scope.Spec.Weights.SplitHeadNorms) return scope.Weights.Elements(tensor, [heads, layout.HeadDim], Why);
            return new StackedRows([.. Enumerable.Range(0, heads).Select(
                index => scope.Weights.Column(FormattableString.Invariant($"{name}.norms.{index}.weight"), layout.HeadDim, Why))]);
        }
    }
}
