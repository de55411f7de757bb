using System.Diagnostics;
using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Onnx.Llama.Benchmarks.Engines;

/// <summary>
/// The loop that one would write by hand over ONNX Runtime, done well: inputs and outputs bound, past and present in one buffer, logits of the last
/// position only. Nothing checks, counts or can be cancelled.
/// </summary>
internal sealed class BareEngine : IEngine
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly OrtValue _last = OrtValue.CreateTensorValueFromMemory(new long[] { -1 }, [1]);
    private readonly int _vocabulary;
    private readonly List<(string Name, OrtValue Cache)> _caches = [];
    private OrtValue? _logits;
    private long[] _next = [];
    private int _promptLength;
    private int _length;

    public BareEngine(string folder, int threads)
    {
        using SessionOptions options = new() { IntraOpNumThreads = threads };
        _session = new InferenceSession(Path.Combine(folder, "model.onnx"), options);
        _vocabulary = _session.OutputMetadata["logits"].Dimensions[2];
    }

    public double Prefill(int[] prompt, int sequences, int room)
    {
        Release();
        Allocate(sequences, prompt.Length + room);
        (_promptLength, _length, _next) = (prompt.Length, 0, new long[sequences]);
        long[] ids = [.. Enumerable.Repeat(prompt, sequences).SelectMany(row => row.Select(id => (long)id))];
        long start = Stopwatch.GetTimestamp();
        Steps(ids, 1);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public double Decode(int tokens)
    {
        long start = Stopwatch.GetTimestamp();
        Steps(_next, tokens);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Rewind() => _length = _promptLength;

    public void Dispose()
    {
        Release();
        _last.Dispose();
        _runOptions.Dispose();
        _session.Dispose();
    }

    private void Steps(long[] ids, int count)
    {
        int rows = _next.Length;
        using OrtIoBinding binding = _session.CreateIoBinding();
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(ids, [rows, ids.Length / rows]);
        binding.BindInput("input_ids", input);
        binding.BindInput("logits_from", _last);
        binding.BindOutput("logits", _logits);
        foreach ((string name, OrtValue cache) in _caches)
        {
            binding.BindInput(name, cache);
            binding.BindOutput(name.Replace("past_key_values.", "present.", StringComparison.Ordinal), cache);
        }

        for (int i = 0; i < count; i++) Step(binding, rows, ids.Length / rows);
    }

    private void Step(OrtIoBinding binding, int rows, int tokens)
    {
        _length += tokens;
        long[] ones = new long[rows * _length];
        Array.Fill(ones, 1);
        using OrtValue mask = OrtValue.CreateTensorValueFromMemory(ones, [rows, _length]);
        binding.BindInput("attention_mask", mask);
        _session.RunWithBinding(_runOptions, binding);
        ReadOnlySpan<float> logits = _logits!.GetTensorDataAsSpan<float>();
        for (int row = 0; row < rows; row++) _next[row] = TensorPrimitives.IndexOfMax(logits.Slice(row * _vocabulary, _vocabulary));
    }

    private void Allocate(int sequences, int capacity)
    {
        _logits = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float, [sequences, 1, _vocabulary]);
        foreach ((string name, NodeMetadata input) in _session.InputMetadata)
        {
            if (!name.StartsWith("past_key_values.", StringComparison.Ordinal)) continue;
            long[] shape = [sequences, input.Dimensions[1], capacity, input.Dimensions[3]];
            _caches.Add((name, OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float, shape)));
        }
    }

    private void Release()
    {
        foreach ((_, OrtValue cache) in _caches) cache.Dispose();
        _caches.Clear();
        _logits?.Dispose();
    }
}
