using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;
using static Onnx.Llama.Graph.NodeAttribute;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>
/// Causal self-attention over a cache: several query heads share a key and value head (GQA, arXiv:2305.13245), rotation (RoPE, arXiv:2104.09864) inside.
/// </summary>
internal static class AttentionBlock
{
    /// <summary>
    /// <code>
    /// x ─> qkv_proj ─> GroupQueryAttention(past key, past value, lengths, cos, sin) ─┬─> o_proj
    ///                     ├─> present key, value    (padded heads: Reshape, Slice, Reshape) ─┘
    /// </code>
    /// </summary>
    /// <param name="scope">The graph.</param>
    /// <param name="layer">The layer's index.</param>
    /// <param name="x">[rows, positions, hidden].</param>
    /// <param name="inputs">Lengths and rotation, the same for all layers.</param>
    /// <returns>[rows, positions, hidden].</returns>
    public static string Emit(GraphScope scope, int layer, string x, AttentionInputs inputs)
    {
        DecoderSpec spec = scope.Spec;
        HeadLayout layout = inputs.Layout;
        string path = FormattableString.Invariant($"/model/layers.{layer}/attn");
        string qkv = scope.Linear(
            $"{path}/qkv_proj",
            x,
            Stacked(Heads),
            spec.QkvBias ? Stacked(Bias) : null);

        (string pastKey, string presentKey) = Cache(scope, layer, "key", layout.Width);
        (string pastValue, string presentValue) = Cache(scope, layer, "value", layout.Width);
        string node = $"{path}/GroupQueryAttention";
        string attended = $"{node}/output_0";
        scope.Graph.Node(
            node,
            OpNames.GroupQueryAttention,
            [qkv, "", "", pastKey, pastValue, inputs.PastLengths, inputs.TotalLength, inputs.Cos, inputs.Sin],
            [attended, presentKey, presentValue],
            Int("num_heads", spec.Heads),
            Int("kv_num_heads", spec.KvHeads),
            Float("scale", spec.AttentionScale),
            Int("do_rotary", 1),
            Int("rotary_interleaved", 0));
        OutputCache(scope, presentKey, layout.Width);
        OutputCache(scope, presentValue, layout.Width);

        int width = spec.Heads * spec.HeadDim;
        return scope.Linear(
            $"{path}/o_proj",
            layout.IsPlain ? attended : CutPadding(scope, path, attended, inputs),
            scope.Weights.Matrix(WeightNames.Layer(layer, "self_attn.o_proj.weight"), spec.Hidden, width, "hidden_size x num_attention_heads * head_dim"),
            spec.OutputBias ? scope.Weights.Column(WeightNames.Layer(layer, "self_attn.o_proj.bias"), spec.Hidden, "attention_bias") : null);

        StackedRows Stacked(Func<string, int, IReadOnlyList<int>, RowSource> part) => new(
            part("q_proj", spec.Heads, layout.Rotated), part("k_proj", spec.KvHeads, layout.Rotated), part("v_proj", spec.KvHeads, layout.Plain));

        RowSource Heads(string name, int heads, IReadOnlyList<int> rowOf)
        {
            string why = FormattableString.Invariant($"{heads} heads x head_dim {spec.HeadDim}, hidden_size {spec.Hidden}");
            return Laid(scope.Weights.Matrix(WeightNames.Layer(layer, $"self_attn.{name}.weight"), heads * spec.HeadDim, spec.Hidden, why), heads, rowOf);
        }

        RowSource Bias(string name, int heads, IReadOnlyList<int> rowOf) =>
            Laid(scope.Weights.Column(WeightNames.Layer(layer, $"self_attn.{name}.bias"), heads * spec.HeadDim, "attention_bias"), heads, rowOf);

        RowSource Laid(RowSource source, int heads, IReadOnlyList<int> rowOf) => layout.IsPlain ? source : new HeadRows(source, heads, rowOf);
    }

    private static (string Past, string Present) Cache(GraphScope scope, int layer, string kind, int width)
    {
        string past = FormattableString.Invariant($"past_key_values.{layer}.{kind}");
        scope.Graph.Input(past, ElementType.Float, "batch_size", scope.Spec.KvHeads, "past_sequence_length", width);
        return (past, FormattableString.Invariant($"present.{layer}.{kind}"));
    }

    private static void OutputCache(GraphScope scope, string present, int width) =>
        scope.Graph.Output(present, ElementType.Float, "batch_size", scope.Spec.KvHeads, "total_sequence_length", width);

    /// <summary>[rows, positions, heads * width] -> [rows, positions, heads * headDim]; a 0 in Reshape keeps a length.</summary>
    private static string CutPadding(GraphScope scope, string path, string attended, AttentionInputs inputs)
    {
        string heads = scope.Graph.Node($"{path}/unpad/Reshape", OpNames.Reshape, [attended, inputs.PaddedHeads!]);
        string cut = scope.Graph.Node($"{path}/unpad/Slice", OpNames.Slice, [heads, inputs.Zero!, inputs.HeadDim!, inputs.LastAxis!]);
        return scope.Graph.Node($"{path}/unpad/Flatten", OpNames.Reshape, [cut, inputs.JoinedHeads!]);
    }
}
