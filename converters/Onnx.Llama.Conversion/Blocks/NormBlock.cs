using Onnx.Llama.Graph;
using static Onnx.Llama.Graph.NodeAttribute;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>RMSNorm (arXiv:1910.07467) of the residual stream, <c>x / sqrt(mean(x^2) + epsilon) * gain</c>, with the addition before it.</summary>
internal static class NormBlock
{
    /// <summary>
    /// Normalises the residual stream and returns it with the stream itself:
    /// <code>
    /// residual ──┬─> SimplifiedLayerNormalization ─> normed            (nothing to add yet)
    ///
    /// residual ──┬─> SkipSimplifiedLayerNormalization ─> normed
    /// branch ────┘                              └─> residual + branch
    /// </code>
    /// </summary>
    /// <param name="scope">The graph.</param>
    /// <param name="path">The node's path.</param>
    /// <param name="weight">The gain's name in the checkpoint, [hidden].</param>
    /// <param name="residual">The stream, [rows, positions, hidden].</param>
    /// <param name="branch">What the block before computed, to be added first; null before the first block.</param>
    /// <param name="last">Whether nobody needs the sum any more.</param>
    public static (string Normed, string Residual) Emit(GraphScope scope, string path, string weight, string residual, string? branch, bool last = false)
    {
        string gain = scope.Float32(weight, scope.Weights.Vector(weight, scope.Spec.Hidden, "hidden_size"), scope.Spec.Hidden);
        NodeAttribute epsilon = Float("epsilon", scope.Spec.NormEpsilon);
        if (branch is null)
        {
            string normed = scope.Graph.Node(
                $"{path}/LayerNorm", OpNames.SimplifiedLayerNormalization, [residual, gain], Int("axis", -1), epsilon, Int("stash_type", 1));
            return (normed, residual);
        }

        string node = $"{path}/SkipLayerNorm";
        string sum = $"{node}/output_3";
        string[] outputs = last ? [$"{node}/output_0"] : [$"{node}/output_0", "", "", sum];
        scope.Graph.Node(node, OpNames.SkipSimplifiedLayerNormalization, [residual, branch, gain], outputs, epsilon);
        return ($"{node}/output_0", sum);
    }
}
