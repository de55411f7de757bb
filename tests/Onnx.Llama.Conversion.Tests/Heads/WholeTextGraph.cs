using Microsoft.ML.OnnxRuntime;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Heads;

/// <summary>Runs a graph of whole texts, as a runtime that knows nothing of this project would.</summary>
internal static class WholeTextGraph
{
    /// <summary>The graph's output for ids [rows, positions] and their mask.</summary>
    public static float[] Run(string file, ReferenceTensor ids, ReferenceTensor mask, string output)
    {
        _ = LanguageModel.RuntimeVersion; // the host makes ONNX Runtime's environment, with telemetry off
        using SessionOptions options = new() { IntraOpNumThreads = 1 };
        using InferenceSession session = new(file, options);
        int rows = ids.Shape[0], positions = ids.Shape[1];
        long[] places = [.. Enumerable.Range(0, rows * positions).Select(i => (long)(i % positions))];
        Dictionary<string, OrtValue> inputs = new()
        {
            ["input_ids"] = Tensor([.. ids.Ids().Select(id => (long)id)]),
            ["attention_mask"] = Tensor([.. mask.Ids().Select(id => (long)id)]),
            ["position_ids"] = Tensor(places),
        };
        string[] names = [.. inputs.Keys.Where(session.InputMetadata.ContainsKey)];
        using RunOptions run = new();
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(run, names, [.. names.Select(name => inputs[name])], [output]);
        float[] values = results[0].GetTensorDataAsSpan<float>().ToArray();
        foreach (OrtValue input in inputs.Values) input.Dispose();
        return values;

        OrtValue Tensor(long[] numbers) => OrtValue.CreateTensorValueFromMemory(numbers, [rows, positions]);
    }
}
