using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;
using static Onnx.Llama.Graph.NodeAttribute;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>Queries, keys and values of a layer, from one matrix where nothing stands between it and the attention operator, else from three.</summary>
internal static class QkvBlock
{
    /// <summary>
    /// <code>
    /// x ─> qkv_proj [─> Clip] ─> q, k, v side by side
    ///
    /// x ─┬─> q_proj [─> Clip] [─> norm] [─> RotaryEmbedding] [─> norm] ─> q
    ///    ├─> k_proj [─> Clip] [─> norm] [─> RotaryEmbedding] [─> norm] ─> k
    ///    └─> v_proj [─> Clip] ─> v
    /// </code>
    /// </summary>
    public static AttentionOperands Emit(GraphScope scope, int layer, string path, string x, AttentionInputs inputs)
    {
        DecoderSpec spec = scope.Spec;
        HeadLayout layout = inputs.Layout;
        QkvWeights weights = new(scope, layer, layout);
        RopeConfig? rope = spec.Attention[layer].Rope;
        (string Cos, string Sin)? rotation = rope is null ? null : inputs.Rotations[rope];
        bool inside = AttentionInputs.IsRotationInside(scope);
        if (scope.Target.IsPacked && inside && spec.HeadNorm is null)
        {
            string packed = Clipped("qkv_proj", scope.Linear($"{path}/qkv_proj", x, weights.Packed(path), weights.PackedBias));
            return new AttentionOperands(packed, "", "", spec.KvHeads, rotation);
        }

        string query = Turned("q", spec.Weights.QueryNorm, Projected("q_proj", weights.Query, weights.QueryBias), spec.Heads);
        string key = Turned("k", spec.Weights.KeyNorm, Projected("k_proj", weights.Key, weights.KeyBias), spec.KvHeads);
        string value = Projected("v_proj", weights.Value, weights.ValueBias);
        return new AttentionOperands(query, key, value, spec.KvHeads, inside ? rotation : null);

        string Projected(string name, RowSource weight, RowSource? bias) => Clipped(name, scope.Linear($"{path}/{name}", x, weight, bias));

        string Clipped(string name, string y) => spec.QkvClip is { } clip
            ? scope.Graph.Node($"{path}/{name}/Clip", OpNames.Clip, [y, scope.Scalar(-clip), scope.Scalar(clip)])
            : y;

        string Turned(string name, string norm, string y, int heads)
        {
            if (spec.HeadNorm is { AfterRotation: false }) y = Normed(name, norm, y, heads);
            if (!inside && rotation is { } tables) y = Rotated(scope, $"{path}/{name}_rotary", y, inputs.Positions!, tables, heads);
            return spec.HeadNorm is { AfterRotation: true } ? Normed(name, norm, y, heads) : y;
        }

        string Normed(string name, string norm, string y, int heads) => HeadNormBlock.Emit(scope, layer, $"{path}/{name}_norm", norm, y, heads, layout);
    }

    /// <summary>Rotates heads as wide as the tables say; x is [rows, positions, heads * width].</summary>
    public static string Rotated(GraphScope scope, string path, string x, string positions, (string Cos, string Sin) tables, int heads) =>
        scope.Target.IsStandard ? StandardForm.Rotated(scope, path, x, positions, tables, heads) : scope.Graph.Node(
        $"{path}/RotaryEmbedding", OpNames.RotaryEmbedding, [x, positions, tables.Cos, tables.Sin],
        Int("interleaved", 0), Int("num_heads", 0), Int("rotary_embedding_dim", 0));
}
