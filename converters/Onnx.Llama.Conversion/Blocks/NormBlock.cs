using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;
using static Onnx.Llama.Graph.NodeAttribute;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>RMSNorm or LayerNorm over the last axis, see <see cref="NormSpec"/>, on its own or together with the addition before it.</summary>
internal static class NormBlock
{
    /// <summary>The norm of a vector as wide as the stream.</summary>
    /// <param name="scope">The graph.</param>
    /// <param name="path">The node's path.</param>
    /// <param name="name">The norm's name in the checkpoint.</param>
    /// <param name="x">[rows, positions, hidden].</param>
    public static string Emit(GraphScope scope, string path, string name, string x) =>
        Emit(scope, $"{path}/LayerNorm", x, Stored(scope, name, scope.Spec.Norm, scope.Spec.Hidden, "hidden_size"), scope.Spec.Norm);

    /// <summary>
    /// The norm of the residual stream, with what the block before adds to it:
    /// <code>
    /// residual ──┬─> SkipSimplifiedLayerNormalization ─> normed
    /// branch ────┘                              └─> residual + branch
    /// </code>
    /// (SkipLayerNormalization where the norm is a LayerNorm.)
    /// </summary>
    /// <param name="scope">The graph.</param>
    /// <param name="path">The node's path.</param>
    /// <param name="name">The norm's name in the checkpoint.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="last">Whether nobody needs the sum any more.</param>
    public static (string Normed, ResidualStream Stream) Emit(GraphScope scope, string path, string name, ResidualStream stream, bool last = false)
    {
        if (stream.Branch is not { } branch) return (Emit(scope, path, name, stream.Residual), stream);
        NormSpec norm = scope.Spec.Norm;
        NormWeights weights = Stored(scope, name, norm, scope.Spec.Hidden, "hidden_size");
        if (scope.Target.IsStandard) return StandardForm.AddedNorm(scope, path, stream, weights, norm);
        string node = $"{path}/SkipLayerNorm";
        string sum = $"{node}/output_3";
        scope.Graph.Node(
            node,
            norm.Centered ? OpNames.SkipLayerNormalization : OpNames.SkipSimplifiedLayerNormalization,
            [stream.Residual, branch, .. weights.Inputs],
            last ? [$"{node}/output_0"] : [$"{node}/output_0", "", "", sum],
            Float("epsilon", norm.Epsilon));
        return ($"{node}/output_0", new ResidualStream(sum));
    }

    /// <summary>The norm of any vector.</summary>
    public static string Emit(GraphScope scope, string node, string x, NormWeights weights, NormSpec norm) => scope.Target.IsStandard
        ? StandardForm.Norm(scope, node, x, weights, norm)
        : scope.Graph.Node(
        node,
        norm.Centered ? OpNames.LayerNormalization : OpNames.SimplifiedLayerNormalization,
        [x, .. weights.Inputs],
        Int("axis", -1),
        Float("epsilon", norm.Epsilon),
        Int("stash_type", 1));

    /// <summary>A norm's gain and bias of the given length, as stored.</summary>
    public static NormWeights Stored(GraphScope scope, string name, NormSpec norm, int length, string why) => new(
        norm.Gain ? scope.Floats(GraphName(WeightNames.Weight(name)), Gain(scope, name, norm, length, why), length) : scope.Ones(length),
        norm.Bias ? scope.Floats(GraphName(WeightNames.Bias(name)), scope.Weights.Vector(WeightNames.Bias(name), length, why), length) : null);

    /// <summary>A name of the checkpoint as the graph has it.</summary>
    public static string GraphName(string name) => $"model.{name}";

    private static RowSource Gain(GraphScope scope, string name, NormSpec norm, int length, string why)
    {
        RowSource stored = scope.Weights.Vector(WeightNames.Weight(name), length, why);
        return norm.Offset == 0 ? stored : new MappedRows(stored, gain => gain + norm.Offset);
    }
}

/// <summary>Gain and bias of a norm, as initializers.</summary>
internal sealed record NormWeights(string Gain, string? Bias)
{
    /// <summary>Those that there are.</summary>
    public IEnumerable<string> Inputs => Bias is null ? [Gain] : [Gain, Bias];
}
