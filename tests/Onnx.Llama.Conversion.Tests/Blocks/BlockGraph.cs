using Microsoft.ML.OnnxRuntime;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Blocks;
using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Heads;
using Onnx.Llama.Conversion.Output;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Blocks;

/// <summary>One block alone in a graph, with seeded weights that the test can read too, run by ONNX Runtime.</summary>
internal sealed class BlockGraph
{
    private readonly SeededWeights _weights = new();
    private readonly DataPlan _data = new(ConversionPlan.DataFile);
    private readonly GraphBuilder _graph = new("block");

    public BlockGraph(DecoderSpec spec, GraphTarget? target = null) =>
        Scope = new GraphScope(spec, target ?? GraphTarget.Cpu, _weights, PrecisionRecipe.Fp32, _graph, _data)
        {
            // Without a cache a block needs no other input.
            Head = new ModelHead.Embed(Pooling.Last, Normalized: false),
        };

    public GraphScope Scope { get; }

    /// <summary>A small decoder's facts, to be changed by <c>with</c>.</summary>
    public static DecoderSpec Spec { get; } = new()
    {
        ModelType = "test",
        Hidden = 12,
        Layers = 1,
        Heads = 4,
        KvHeads = 2,
        HeadDim = 16,
        FeedForward = 20,
        Vocabulary = 30,
        ContextLength = 64,
        Norm = new NormSpec(1e-5f),
        Attention = DecoderSpec.Alike(1, new LayerAttention(new RopeConfig.Default(10000, 1))),
    };

    /// <summary>The numbers of a weight that the block asked for.</summary>
    public float[] Weight(string name) => _weights.Values[name];

    /// <summary>Emits a block over an input [1, positions, width] and runs it.</summary>
    public float[] Run(float[] x, int width, Func<string, string> emit)
    {
        string input = _graph.Input("x", ElementType.Float, 1, x.Length / width, width);
        string output = emit(input);
        _graph.Output(output, ElementType.Float);
        using TemporaryFolder folder = new();
        DataWriter.Write(folder[ConversionPlan.DataFile], _data.Length, _data.Jobs, 1, _ => { }, TestContext.Current.CancellationToken);
        File.WriteAllBytes(folder["block.onnx"], _graph.Build(Scope.Target.IsStandard ? 23 : 21, 10, "test").ToBytes());
        _ = LanguageModel.RuntimeVersion; // the host makes ONNX Runtime's environment, with telemetry off
        using SessionOptions options = new() { IntraOpNumThreads = 1 };
        using InferenceSession session = new(folder["block.onnx"], options);
        using OrtValue value = OrtValue.CreateTensorValueFromMemory(x, [1, x.Length / width, width]);
        using RunOptions run = new();
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(run, ["x"], [value], [output]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <summary>Numbers between -1 and 1.</summary>
    public static float[] Random(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }

    private sealed class SeededWeights : WeightSource
    {
        public Dictionary<string, float[]> Values { get; } = new(StringComparer.Ordinal);

        public override bool Has(string name) => false;

        protected override RowSource Take(string name, ReadOnlySpan<long> shape, long rows, int columns, string why)
        {
            float[] values = Values[name] = BlockGraph.Random((int)rows * columns, name.Length);
            return new ComputedRows(rows, columns, (row, target) => values.AsSpan((int)row * columns, columns).CopyTo(target));
        }
    }
}
