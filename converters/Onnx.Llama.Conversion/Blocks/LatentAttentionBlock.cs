using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;
using static Onnx.Llama.Graph.NodeAttribute;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>
/// Multi-head latent attention (<see cref="LatentAttention"/>) in its absorbed form: with <c>k = K c</c> and <c>v = V c</c> for each head, a score is
/// <c>q k = (K^T q) c</c> and what is attended to is <c>sum(p v) = V sum(p c)</c>. So the cache has one head for all queries, which holds c and the rotated
/// key; K is multiplied into queries and V into what comes out.
/// </summary>
internal static class LatentAttentionBlock
{
    /// <summary>
    /// <code>
    /// x ─┬─> [q_a ─> norm ─>] q_b ─┬─> plain part ─> x K of each head ─┐
    ///    │                         └─> RotaryEmbedding ────────────Concat ─> query ─┐
    ///    └─> kv_a ─┬─> norm ─────────────┐                                           │
    ///              └─> RotaryEmbedding ─Concat ─> key, also value ─> GroupQueryAttention ─> Slice ─> x V of each head ─> o_proj
    /// </code>
    /// </summary>
    /// <param name="scope">The graph.</param>
    /// <param name="layer">The layer's index.</param>
    /// <param name="x">[rows, positions, hidden].</param>
    /// <param name="inputs">Lengths, positions and rotations; the layout is that of the rotated part.</param>
    /// <param name="latent">The sizes.</param>
    /// <returns>[rows, positions, hidden].</returns>
    public static string Emit(GraphScope scope, int layer, string x, AttentionInputs inputs, LatentAttention latent)
    {
        DecoderSpec spec = scope.Spec;
        string path = FormattableString.Invariant($"/model/layers.{layer}/attn");
        LatentWeights weights = new(scope, layer, inputs.Layout, latent);
        string query = Query(scope, layer, path, x, inputs, weights, latent);
        string key = Key(scope, layer, path, x, inputs, weights, latent);
        string attended = AttentionBlock.Attend(scope, layer, path, new AttentionOperands(query, key, key, spec.KvHeads, Rotation: null), inputs);
        string output = spec.Weights.Output;
        return scope.Linear(
            $"{path}/o_proj",
            Values(scope, path, attended, weights, latent, KvCache.Width(spec)),
            scope.Weights.Matrix(
                WeightNames.Layer(layer, WeightNames.Weight(output)), spec.Hidden, spec.Heads * latent.ValueDim, "hidden_size x heads * v_head_dim"),
            spec.OutputBias ? scope.Weights.Column(WeightNames.Layer(layer, WeightNames.Bias(output)), spec.Hidden, "hidden_size") : null);
    }

    /// <summary>[rows, positions, heads * width of the cache].</summary>
    private static string Query(
        GraphScope scope, int layer, string path, string x, AttentionInputs inputs, LatentWeights weights, LatentAttention latent)
    {
        int heads = scope.Spec.Heads;
        if (latent.QueryRank is { } rank)
        {
            string compressed = scope.Linear($"{path}/q_a_proj", x, weights.QueryDown(rank), weights.QueryDownBias(rank));
            x = Norm(scope, layer, $"{path}/q_a_layernorm", scope.Spec.Weights.Latent.QueryNorm, compressed, rank, latent.Norm);
        }

        string plain = scope.Linear($"{path}/q_b_proj/plain", x, weights.PlainQuery, null);
        string plainHeads = scope.Graph.Node($"{path}/q_b_proj/Heads", OpNames.Reshape, [plain, scope.Int64s(0, 0, heads, latent.PlainDim)]);
        string absorbed = EachHead(scope, $"{path}/q_b_proj/absorbed", plainHeads, weights.KeyUp($"{path}/k_up"), isTransposed: false);
        string rotary = scope.Linear($"{path}/q_b_proj/rotary", x, weights.RotaryQuery, null);
        string rotated = Rotated(scope, layer, $"{path}/q_rotary", rotary, heads, inputs);
        string split = scope.Graph.Node($"{path}/q_rotary/Heads", OpNames.Reshape, [rotated, scope.Int64s(0, 0, heads, inputs.Layout.Width)]);
        string both = scope.Graph.Node($"{path}/q/Concat", OpNames.Concat, [absorbed, split], Int("axis", -1));
        return scope.Graph.Node($"{path}/q/Reshape", OpNames.Reshape, [both, scope.Int64s(0, 0, heads * KvCache.Width(scope.Spec))]);
    }

    /// <summary>[rows, positions, width of the cache].</summary>
    private static string Key(
        GraphScope scope, int layer, string path, string x, AttentionInputs inputs, LatentWeights weights, LatentAttention latent)
    {
        string compressed = scope.Linear($"{path}/kv_a_proj/latent", x, weights.Compressed, weights.CompressedBias);
        string normed = Norm(scope, layer, $"{path}/kv_a_layernorm", scope.Spec.Weights.Latent.KeyValueNorm, compressed, latent.Rank, latent.Norm);
        string rotary = scope.Linear($"{path}/kv_a_proj/rotary", x, weights.RotaryKey, weights.RotaryKeyBias);
        return scope.Graph.Node(
            $"{path}/k/Concat", OpNames.Concat, [normed, Rotated(scope, layer, $"{path}/k_rotary", rotary, heads: 1, inputs)], Int("axis", -1));
    }

    /// <summary>[rows, positions, heads * valueDim], of what the heads attended to.</summary>
    private static string Values(GraphScope scope, string path, string attended, LatentWeights weights, LatentAttention latent, int width)
    {
        string heads = scope.Graph.Node($"{path}/attended/Heads", OpNames.Reshape, [attended, scope.Int64s(0, 0, scope.Spec.Heads, width)]);
        string compressed = scope.Graph.Node(
            $"{path}/attended/Slice", OpNames.Slice, [heads, scope.Int64s(0), scope.Int64s(latent.Rank), scope.Int64s(3)]);
        string values = EachHead(scope, $"{path}/values", compressed, weights.ValueUp($"{path}/v_up"), isTransposed: true);
        return scope.Graph.Node($"{path}/values/Flatten", OpNames.Reshape, [values, scope.Int64s(0, 0, scope.Spec.Heads * latent.ValueDim)]);
    }

    /// <summary>
    /// The product of each head with a matrix of its own, [heads, width, outputs] or transposed:
    /// <code>
    /// x [rows, positions, heads, width] ─> Transpose ─> FusedMatMul ─> Transpose ─> [rows, positions, heads, outputs]
    /// </code>
    /// </summary>
    private static string EachHead(GraphScope scope, string path, string x, string matrices, bool isTransposed)
    {
        GraphBuilder graph = scope.Graph;
        string first = graph.Node($"{path}/Transpose", OpNames.Transpose, [x], Ints("perm", 0, 2, 1, 3));
        string product = scope.Target.IsStandard
            ? StandardForm.BatchedProduct(scope, path, first, matrices, isTransposed)
            : graph.Node($"{path}/MatMul", OpNames.FusedMatMul, [first, matrices], Int("transA", 0), Int("transB", isTransposed ? 1 : 0));
        return graph.Node($"{path}/Back", OpNames.Transpose, [product], Ints("perm", 0, 2, 1, 3));
    }

    private static string Rotated(GraphScope scope, int layer, string path, string x, int heads, AttentionInputs inputs) =>
        scope.Spec.Attention[layer].Rope is { } rope ? QkvBlock.Rotated(scope, path, x, inputs.Positions!, inputs.Rotations[rope], heads) : x;

    private static string Norm(GraphScope scope, int layer, string path, string part, string x, int length, NormSpec norm) => NormBlock.Emit(
        scope, $"{path}/LayerNorm", x, NormBlock.Stored(scope, WeightNames.Layer(layer, part), norm, length, "the rank of the projection"), norm);
}
