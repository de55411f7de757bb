using Microsoft.ML.OnnxRuntime;

namespace Onnx.Llama.Conversion.Tests.Targets;

/// <summary>Runs a decoder graph whose caches grow, one row, as a runtime that knows nothing of this project would.</summary>
internal sealed class GrowingGraph : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly string[] _pasts;
    private readonly string[] _outputs;
    private List<OrtValue> _caches = [];
    private int _length;

    public GrowingGraph(string file)
    {
        _ = LanguageModel.RuntimeVersion; // the host makes ONNX Runtime's environment, with telemetry off
        using SessionOptions options = new() { IntraOpNumThreads = 1 };
        _session = new InferenceSession(file, options);
        _pasts = [.. _session.InputMetadata.Keys.Where(name => name.StartsWith("past_key_values.", StringComparison.Ordinal))];
        _outputs = ["logits", .. _pasts.Select(name => name.Replace("past_key_values.", "present.", StringComparison.Ordinal))];
    }

    /// <summary>Takes more tokens; logits of all of them, [tokens, vocabulary].</summary>
    public float[] Step(params int[] ids)
    {
        if (_length == 0) _caches = [.. _pasts.Select(Empty)];
        long[] tokens = [.. ids.Select(id => (long)id)];
        long[] positions = [.. Enumerable.Range(_length, ids.Length).Select(position => (long)position)];
        _length += ids.Length;
        long[] mask = [.. Enumerable.Repeat(1L, _length)];
        using OrtValue idsValue = OrtValue.CreateTensorValueFromMemory(tokens, [1, ids.Length]);
        using OrtValue positionsValue = OrtValue.CreateTensorValueFromMemory(positions, [1, ids.Length]);
        using OrtValue maskValue = OrtValue.CreateTensorValueFromMemory(mask, [1, _length]);
        IReadOnlyCollection<OrtValue> results = _session.Run(
            _run, ["input_ids", "attention_mask", "position_ids", .. _pasts], [idsValue, maskValue, positionsValue, .. _caches], _outputs);
        Drop();
        _caches = [.. results.Skip(1)];
        using OrtValue logits = results.First();
        return logits.GetTensorDataAsSpan<float>().ToArray();
    }

    /// <summary>Forgets all tokens.</summary>
    public void Reset()
    {
        Drop();
        _length = 0;
    }

    public void Dispose()
    {
        Drop();
        _run.Dispose();
        _session.Dispose();
    }

    private void Drop()
    {
        foreach (OrtValue cache in _caches) cache.Dispose();
        _caches = [];
    }

    private OrtValue Empty(string name)
    {
        int[] shape = _session.InputMetadata[name].Dimensions;
        return OrtValue.CreateTensorValueFromMemory(Array.Empty<float>(), [1, shape[1], 0, shape[3]]);
    }
}
