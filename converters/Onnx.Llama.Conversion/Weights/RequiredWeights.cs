using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Blocks;
using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Output;
using Onnx.Llama.Graph;

namespace Onnx.Llama.Conversion.Weights;

/// <summary>Stands for a checkpoint that is not there: every tensor that a graph asks for exists, is zero, and is remembered.</summary>
internal sealed class RequiredWeights : WeightSource
{
    private readonly SortedDictionary<string, long[]> _shapes = new(StringComparer.Ordinal);

    /// <summary>The tensors that a config's checkpoint has, by their full names.</summary>
    public static IReadOnlyDictionary<string, long[]> Of(HfConfig config)
    {
        DecoderSpec spec = KnownFamilies.Of(config).Describe(config);
        RequiredWeights weights = new();
        _ = DecoderGraph.Emit(new GraphScope(spec, GraphTarget.Cpu, weights, PrecisionRecipe.Fp32, new GraphBuilder(spec.ModelType), new DataPlan(ConversionPlan.DataFile)));
        return weights._shapes;
    }

    public override bool Has(string name) => false;

    protected override RowSource Take(string name, ReadOnlySpan<long> shape, long rows, int columns, string why)
    {
        _shapes[WeightNames.IsOfHead(name) ? name : $"model.{name}"] = shape.ToArray();
        return new ComputedRows(rows, columns, (_, row) => row.Clear());
    }
}
