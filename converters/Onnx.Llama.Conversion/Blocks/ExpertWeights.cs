using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>
/// The matrices and biases of a layer's experts, one expert under the other, as the operators take them: gate and up alternate row by row, and experts are
/// as wide as the blocks of quantised weights want; what is added is zero, and so is what comes out of it.
/// </summary>
/// <param name="scope">The graph.</param>
/// <param name="layer">The layer's index.</param>
/// <param name="width">Width of an expert in the graph, its own or more.</param>
internal sealed class ExpertWeights(GraphScope scope, int layer, int width)
{
    private const string MatrixWhy = "experts' width and hidden_size";
    private const string BiasWhy = "a bias of the experts";

    private readonly ExpertsSpec _experts = scope.Spec.Experts!;
    private readonly ExpertNames _names = scope.Spec.Weights.Experts;

    /// <summary>Width of an expert in the graph.</summary>
    public int Width => width;

    /// <summary>[experts * 2 * width, hidden], of a part for each expert.</summary>
    public NamedRows GateUp() => Matrices("gate_up_proj", expert => new PaddedRows(StoredGateUp(expert), 2L * width));

    /// <summary>[experts * hidden, the experts' own width], of a part for each expert.</summary>
    public NamedRows Down() => Matrices("down_proj", StoredDown);

    /// <summary>[experts, 2 * width]; empty where there is none.</summary>
    public string GateUpBias() => Biases("gate_up_proj", expert => new PaddedRows(StoredGateUpBias(expert), 2L * width), 2 * width);

    /// <summary>[experts, hidden]; empty where there is none.</summary>
    public string DownBias() => Biases("down_proj", StoredDownBias, Hidden);

    private int Own => _experts.Width;

    private int Hidden => scope.Spec.Hidden;

    private NamedRows Matrices(string part, Func<int, RowSource> expert) => NamedRows.Stacked(
        GraphName(part, "weight"), [.. Experts.Select(index => new NamedRows(GraphName(part, FormattableString.Invariant($"{index}.weight")), expert(index)))]);

    private string Biases(string part, Func<int, RowSource> expert, int length) =>
        _experts.Bias ? scope.Floats(GraphName(part, "bias"), new StackedRows([.. Experts.Select(expert)]), _experts.Count, length) : "";

    private IEnumerable<int> Experts => Enumerable.Range(0, _experts.Count);

    private string GraphName(string part, string kind) => FormattableString.Invariant($"model.layers.{layer}.moe.experts.{part}.{kind}");

    private RowSource StoredGateUp(int expert) => _names.Stacked switch
    {
        null => new AlternatingRows(Matrix(expert, _names.Gate, Own, Hidden), Matrix(expert, _names.Up, Own, Hidden)),
        { InputsFirst: true } all => Transposed(all.GateUp, expert, 2 * Own, Hidden),
        { } all => Interleaved(scope.Weights.Tensor(Name(all.GateUp), [_experts.Count, 2 * Own, Hidden], MatrixWhy), expert),
    };

    private RowSource StoredDown(int expert) => _names.Stacked switch
    {
        null => Matrix(expert, _names.Down, Hidden, Own),
        { InputsFirst: true } all => Transposed(all.Down, expert, Hidden, Own),
        { } all => new RowRange(scope.Weights.Tensor(Name(all.Down), [_experts.Count, Hidden, Own], MatrixWhy), (long)expert * Hidden, Hidden),
    };

    private RowSource StoredGateUpBias(int expert) => _names.Stacked switch
    {
        null => new AlternatingRows(Bias(expert, _names.Gate, Own), Bias(expert, _names.Up, Own)),
        { InputsFirst: true } all => new RowRange(scope.Weights.Elements(Name(all.GateUpBias), [_experts.Count, 2 * Own], BiasWhy), 2L * expert * Own, 2 * Own),
        { } all => Interleaved(scope.Weights.Elements(Name(all.GateUpBias), [_experts.Count, 2 * Own], BiasWhy), expert),
    };

    private RowSource StoredDownBias(int expert) => _names.Stacked is { } all
        ? new RowRange(scope.Weights.Elements(Name(all.DownBias), [_experts.Count, Hidden], BiasWhy), (long)expert * Hidden, Hidden)
        : Bias(expert, _names.Down, Hidden);

    /// <summary>An expert of a tensor that has gates above ups.</summary>
    private AlternatingRows Interleaved(RowSource all, int expert) => new(Share(all, 2 * expert), Share(all, (2 * expert) + 1));

    private RowRange Share(RowSource all, int index) => new(all, (long)index * Own, Own);

    private TransposedRows Transposed(string tensor, int expert, int rows, int columns) =>
        new(scope.Weights.Elements(Name(tensor), [_experts.Count, columns, rows], MatrixWhy), (long)expert * rows * columns, rows, columns);

    private RowSource Matrix(int expert, string part, int rows, int columns) =>
        scope.Weights.Matrix(WeightNames.Weight(Name(expert, part)), rows, columns, MatrixWhy);

    private RowSource Bias(int expert, string part, int length) => scope.Weights.Column(WeightNames.Bias(Name(expert, part)), length, BiasWhy);

    private string Name(int expert, string part) => Name(FormattableString.Invariant($"{_names.Each}.{expert}.{part}"));

    private string Name(string part) => WeightNames.Layer(layer, part);
}
