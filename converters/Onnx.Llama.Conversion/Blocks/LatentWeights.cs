using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>The matrices of a layer's latent attention, taken apart into what is rotated and what is not.</summary>
internal sealed class LatentWeights(GraphScope scope, int layer, HeadLayout rotary, LatentAttention latent)
{
    private readonly DecoderSpec _spec = scope.Spec;
    private readonly LatentNames _names = scope.Spec.Weights.Latent;

    /// <summary>[heads * plainDim, queryRank or hidden].</summary>
    public RowSource PlainQuery => new HeadRows(QueryUp, _spec.Heads, Dimensions(0, latent.PlainDim));

    /// <summary>[heads * rotated width, queryRank or hidden].</summary>
    public RowSource RotaryQuery => new HeadRows(QueryUp, _spec.Heads, Moved(latent.PlainDim));

    /// <summary>[rank, hidden].</summary>
    public RowSource Compressed => new RowRange(KeyValueDown, 0, latent.Rank);

    /// <summary>[rank, 1], where there is a bias.</summary>
    public RowSource? CompressedBias => KeyValueDownBias is { } bias ? new RowRange(bias, 0, latent.Rank) : null;

    /// <summary>[rotated width, hidden].</summary>
    public RowSource RotaryKey => new HeadRows(KeyValueDown, 1, Moved(latent.Rank));

    /// <summary>[rotated width, 1], where there is a bias.</summary>
    public RowSource? RotaryKeyBias => KeyValueDownBias is { } bias ? new HeadRows(bias, 1, Moved(latent.Rank)) : null;

    /// <summary>[queryRank, hidden].</summary>
    public RowSource QueryDown(int rank) => scope.Weights.Matrix(Weight(_names.QueryDown), rank, _spec.Hidden, "q_lora_rank x hidden_size");

    /// <summary>[queryRank, 1], where there is a bias.</summary>
    public RowSource? QueryDownBias(int rank) => _spec.QkvBias ? scope.Weights.Column(Bias(_names.QueryDown), rank, "q_lora_rank") : null;

    /// <summary>[heads, plainDim, rank].</summary>
    public string KeyUp(string path) => Stored(path, 0, latent.PlainDim);

    /// <summary>[heads, valueDim, rank].</summary>
    public string ValueUp(string path) => Stored(path, latent.PlainDim, latent.ValueDim);

    private RowSource QueryUp => latent.QueryRank is { } rank
        ? scope.Weights.Matrix(Weight(_names.QueryUp), _spec.Heads * _spec.HeadDim, rank, "heads x qk_head_dim, q_lora_rank")
        : scope.Weights.Matrix(Weight(_spec.Weights.Query), _spec.Heads * _spec.HeadDim, _spec.Hidden, "heads x qk_head_dim, hidden_size");

    private RowSource KeyValueDown => scope.Weights.Matrix(
        Weight(_names.KeyValueDown), latent.Rank + latent.RotaryDim, _spec.Hidden, "kv_lora_rank + qk_rope_head_dim, hidden_size");

    private RowSource? KeyValueDownBias => _spec.QkvBias
        ? scope.Weights.Column(Bias(_names.KeyValueDown), latent.Rank + latent.RotaryDim, "kv_lora_rank + qk_rope_head_dim")
        : null;

    /// <summary>
    /// A part of each head's rows. No operator multiplies heads by quantised matrices of their own, so these stay floating-point numbers; they are a
    /// hundredth of a model or less.
    /// </summary>
    private string Stored(string path, int first, int count)
    {
        string up = Weight(_names.KeyValueUp);
        int rows = _spec.Heads * (latent.PlainDim + latent.ValueDim);
        RowSource source = new HeadRows(
            scope.Weights.Matrix(up, rows, latent.Rank, "heads x (qk_nope_head_dim + v_head_dim), kv_lora_rank"), _spec.Heads, Dimensions(first, count));
        ElementType type = scope.Recipe.Layers is WeightFormat.Floats(var stored) ? stored : scope.Recipe.Gpu;
        return scope.Computable(scope.Floats(GraphScope.WeightName(path), source, type, _spec.Heads, count, latent.Rank), type);
    }

    private static int[] Dimensions(int first, int count) => [.. Enumerable.Range(first, count)];

    /// <summary>The dimensions of a rotated part that begins somewhere, as the graph has them.</summary>
    private int[] Moved(int first) => [.. rotary.Rotated.Select(dimension => dimension < 0 ? -1 : first + dimension)];

    private string Weight(string part) => WeightNames.Layer(layer, WeightNames.Weight(part));

    private string Bias(string part) => WeightNames.Layer(layer, WeightNames.Bias(part));
}
