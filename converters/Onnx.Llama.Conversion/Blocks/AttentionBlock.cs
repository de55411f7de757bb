using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;
using static Onnx.Llama.Graph.NodeAttribute;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>
/// Causal self-attention over a cache: several query heads share a key and value head (GQA, arXiv:2305.13245), with rotation (RoPE, arXiv:2104.09864)
/// inside where nothing stands between the two.
/// </summary>
internal static class AttentionBlock
{
    /// <summary>
    /// <code>
    /// x ─> projections ─> GroupQueryAttention(past key, past value, lengths, cos, sin, sinks) ─┬─> o_proj
    ///                     └─> present key, value        (padded heads: Reshape, Slice, Reshape) ─┘
    /// </code>
    /// </summary>
    /// <param name="scope">The graph.</param>
    /// <param name="layer">The layer's index.</param>
    /// <param name="x">[rows, positions, hidden].</param>
    /// <param name="inputs">Lengths and rotations, the same for all layers.</param>
    /// <returns>[rows, positions, hidden].</returns>
    public static string Emit(GraphScope scope, int layer, string x, AttentionInputs inputs)
    {
        DecoderSpec spec = scope.Spec;
        string path = FormattableString.Invariant($"/model/layers.{layer}/attn");
        AttentionOperands operands = QkvBlock.Emit(scope, layer, path, x, inputs);
        string attended = Attend(scope, layer, path, operands, inputs);
        string output = spec.Weights.Output;
        return scope.Linear(
            $"{path}/o_proj",
            inputs.Layout.IsPadded ? CutPadding(scope, path, attended, inputs.Layout) : attended,
            scope.Weights.Matrix(
                WeightNames.Layer(layer, WeightNames.Weight(output)), spec.Hidden, spec.Heads * spec.HeadDim, "hidden_size x num_attention_heads * head_dim"),
            spec.OutputBias ? scope.Weights.Column(WeightNames.Layer(layer, WeightNames.Bias(output)), spec.Hidden, "hidden_size") : null);
    }

    /// <summary>The attention operator, with the layer's cache.</summary>
    /// <returns>[rows, positions, heads * width].</returns>
    public static string Attend(GraphScope scope, int layer, string path, AttentionOperands operands, AttentionInputs inputs)
    {
        DecoderSpec spec = scope.Spec;
        float scale = spec.AttentionScale ?? 1f / MathF.Sqrt(spec.HeadDim);
        if (scope.Target.IsStandard) return StandardAttention.Attend(scope, layer, path, operands, inputs, scale);
        int? window = spec.Attention[layer].Window;
        int width = KvCache.Width(spec);
        (string pastKey, string presentKey) = KvCache.Input(scope, layer, "key", operands.KvHeads, width);
        (string pastValue, string presentValue) = KvCache.Input(scope, layer, "value", operands.KvHeads, width);
        (string cos, string sin) = operands.Rotation ?? ("", "");
        string sinks = spec.AttentionSinks ? Sinks(scope, layer) : "";
        List<NodeAttribute> attributes =
        [
            Int("num_heads", spec.Heads),
            Int("kv_num_heads", operands.KvHeads),
            Float("scale", scale),
            Int("do_rotary", operands.Rotation is null ? 0 : 1),
            Int("rotary_interleaved", 0),
        ];
        if (spec.AttentionSoftcap is { } softcap) attributes.Add(Float("softcap", softcap));
        if (window is { } tokens) attributes.Add(Int("local_window_size", tokens));
        if (window is not null && scope.HasCache) attributes.Add(Int("sliding_window_cache", 1));

        string node = $"{path}/GroupQueryAttention";
        string attended = $"{node}/output_0";
        List<string> arguments =
            [operands.Query, operands.Key, operands.Value, pastKey, pastValue, inputs.PastLengths, inputs.TotalLength, cos, sin, "", "", sinks];
        while (arguments[^1].Length == 0) arguments.RemoveAt(arguments.Count - 1);
        scope.Graph.Node(
            node, OpNames.GroupQueryAttention, arguments.ToArray(), [attended, presentKey, presentValue], attributes.ToArray());
        KvCache.Output(scope, layer, presentKey, operands.KvHeads, width);
        KvCache.Output(scope, layer, presentValue, operands.KvHeads, width);
        return attended;
    }

    /// <summary>The score of each head that attends to nothing, [heads].</summary>
    public static string Sinks(GraphScope scope, int layer)
    {
        string name = WeightNames.Layer(layer, scope.Spec.Weights.Sinks);
        return scope.Floats(NormBlock.GraphName(name), scope.Weights.Vector(name, scope.Spec.Heads, "num_attention_heads"), scope.Spec.Heads);
    }

    /// <summary>[rows, positions, heads * width] -> [rows, positions, heads * headDim]; a 0 in Reshape keeps a length.</summary>
    private static string CutPadding(GraphScope scope, string path, string attended, HeadLayout layout)
    {
        int heads = scope.Spec.Heads;
        string split = scope.Graph.Node($"{path}/unpad/Reshape", OpNames.Reshape, [attended, scope.Int64s(0, 0, heads, layout.Width)]);
        string cut = scope.Graph.Node(
            $"{path}/unpad/Slice", OpNames.Slice, [split, scope.Int64s(0), scope.Int64s(layout.HeadDim), scope.Int64s(3)]);
        return scope.Graph.Node($"{path}/unpad/Flatten", OpNames.Reshape, [cut, scope.Int64s(0, 0, heads * layout.HeadDim)]);
    }
}
