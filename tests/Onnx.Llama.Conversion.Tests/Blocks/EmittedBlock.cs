using Microsoft.ML.OnnxRuntime;
using Onnx.Llama.Conversion.Blocks;
using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Output;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Blocks;

/// <summary>Runs what a block emits, alone, from x [1, positions, hidden] float32.</summary>
internal static class EmittedBlock
{
    /// <summary>The outputs that the block names, in their order.</summary>
    public static float[][] Run(
        DecoderSpec spec, GraphTarget target, PrecisionRecipe recipe, WeightSource weights, float[] x, Func<GraphScope, string, IReadOnlyList<string>> emit)
    {
        GraphBuilder graph = new("block");
        DataPlan data = new(ConversionPlan.DataFile);
        GraphScope scope = new(spec, target, weights, recipe, graph, data);

        // The block's input is a node's output, as it is in a model: operators may write over it.
        string input = graph.Input("x", ElementType.Float, 1, x.Length / spec.Hidden, spec.Hidden);
        string[] outputs = [.. emit(scope, graph.Node("/shift", OpNames.Add, [input, scope.Scalar(0)]))];
        string[] flat = [.. outputs.Select(output => graph.Node($"/flat/{output}", OpNames.Reshape, [output, scope.Int64s(-1)]))];
        foreach (string output in flat) graph.Output(output, ElementType.Float, "count");
        using TemporaryFolder folder = new();
        string file = folder.Write("block.onnx", graph.Build(target.IsStandard ? 23 : 21, 10, "test").ToBytes());
        DataWriter.Write(folder[data.File], data.Length, data.Jobs, threads: 1, written: _ => { }, TestContext.Current.CancellationToken);
        return Run(file, x, spec.Hidden, flat);
    }

    private static float[][] Run(string file, float[] x, int hidden, string[] outputs)
    {
        _ = LanguageModel.RuntimeVersion; // the host makes ONNX Runtime's environment, with telemetry off
        using SessionOptions options = new() { IntraOpNumThreads = 1 };
        using InferenceSession session = new(file, options);
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(x, [1, x.Length / hidden, hidden]);
        using RunOptions run = new();
        using IDisposableReadOnlyCollection<OrtValue> values = session.Run(run, ["x"], [input], outputs);
        return [.. values.Select(value => value.GetTensorDataAsSpan<float>().ToArray())];
    }
}
