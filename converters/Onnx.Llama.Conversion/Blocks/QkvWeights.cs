using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>The matrices and biases of a layer's queries, keys and values, taken apart where the checkpoint fuses them, heads laid out as the graph wants.</summary>
internal sealed class QkvWeights(GraphScope scope, int layer, HeadLayout layout)
{
    private readonly DecoderSpec _spec = scope.Spec;

    public RowSource Query => Laid(Matrix(_spec.Weights.Query, 0, _spec.Heads), _spec.Heads, layout.Rotated);

    public RowSource Key => Laid(Matrix(_spec.Weights.Key, _spec.Heads, _spec.KvHeads), _spec.KvHeads, layout.Rotated);

    public RowSource Value => Laid(Matrix(_spec.Weights.Value, _spec.Heads + _spec.KvHeads, _spec.KvHeads), _spec.KvHeads, layout.Plain);

    public RowSource? QueryBias => Laid(Bias(_spec.Weights.Query, 0, _spec.Heads), _spec.Heads, layout.Rotated);

    public RowSource? KeyBias => Laid(Bias(_spec.Weights.Key, _spec.Heads, _spec.KvHeads), _spec.KvHeads, layout.Rotated);

    public RowSource? ValueBias => Laid(Bias(_spec.Weights.Value, _spec.Heads + _spec.KvHeads, _spec.KvHeads), _spec.KvHeads, layout.Plain);

    public RowSource? PackedBias => _spec.QkvBias ? new StackedRows(QueryBias!, KeyBias!, ValueBias!) : null;

    /// <summary>The three, one under the other, under the names that they have one by one.</summary>
    public NamedRows Packed(string path) => NamedRows.Stacked(
        GraphScope.WeightName($"{path}/qkv_proj"),
        new NamedRows(GraphScope.WeightName($"{path}/q_proj"), Query),
        new NamedRows(GraphScope.WeightName($"{path}/k_proj"), Key),
        new NamedRows(GraphScope.WeightName($"{path}/v_proj"), Value));

    private RowSource Matrix(string part, int firstHead, int heads)
    {
        string why = FormattableString.Invariant($"{heads} heads x head_dim {_spec.HeadDim}, hidden_size {_spec.Hidden}");
        if (_spec.Weights.FusedQkv is not { } fused) return scope.Weights.Matrix(Name(WeightNames.Weight(part)), heads * _spec.HeadDim, _spec.Hidden, why);
        return Share(scope.Weights.Matrix(Name(WeightNames.Weight(fused)), FusedRows, _spec.Hidden, "queries, keys and values x hidden_size"), firstHead, heads);
    }

    private RowSource? Bias(string part, int firstHead, int heads)
    {
        if (!_spec.QkvBias) return null;
        if (_spec.Weights.FusedQkv is not { } fused) return scope.Weights.Column(Name(WeightNames.Bias(part)), heads * _spec.HeadDim, "heads x head_dim");
        return Share(scope.Weights.Column(Name(WeightNames.Bias(fused)), FusedRows, "queries, keys and values"), firstHead, heads);
    }

    private int FusedRows => (_spec.Heads + (2 * _spec.KvHeads)) * _spec.HeadDim;

    private RowRange Share(RowSource fused, int firstHead, int heads) => new(fused, (long)firstHead * _spec.HeadDim, (long)heads * _spec.HeadDim);

    private string Name(string part) => WeightNames.Layer(layer, part);

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(source))]
    private RowSource? Laid(RowSource? source, int heads, IReadOnlyList<int> rowOf) =>
        source is null || rowOf.Count == _spec.HeadDim && rowOf.SequenceEqual(Enumerable.Range(0, rowOf.Count)) ? source : new HeadRows(source, heads, rowOf);
}
