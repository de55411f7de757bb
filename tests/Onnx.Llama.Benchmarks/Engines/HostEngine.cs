using System.Diagnostics;
using System.Numerics.Tensors;
using Onnx.Llama.Decoding;

namespace Onnx.Llama.Benchmarks.Engines;

/// <summary>This project's host, through its step interface, the most likely token taken.</summary>
internal sealed class HostEngine(string folder, ModelOptions options) : IEngine
{
    private readonly LanguageModel _model = LanguageModel.Open(folder, options);
    private readonly StepPlan _plan = new();
    private KvSlot[] _slots = [];
    private int[] _next = [];
    private int _promptLength;

    public double Prefill(int[] prompt, int sequences, int room)
    {
        Release();
        _promptLength = prompt.Length;
        _next = new int[sequences];
        _slots = [.. Enumerable.Range(0, sequences).Select(_ => _model.Decoder.Rent(prompt.Length + room))];
        long start = Stopwatch.GetTimestamp();
        Step(_ => prompt);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public double Decode(int tokens)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < tokens; i++) Step(row => _next.AsSpan(row, 1));
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Rewind()
    {
        foreach (KvSlot slot in _slots) slot.Truncate(_promptLength);
    }

    public void Dispose()
    {
        Release();
        _model.Dispose();
    }

    private void Step(Tokens of)
    {
        _plan.Clear();
        for (int row = 0; row < _slots.Length; row++) _plan.Add(_slots[row], of(row), LogitsWanted.Last);
        _model.Decoder.Step(_plan, CancellationToken.None);
        for (int row = 0; row < _slots.Length; row++) _next[row] = TensorPrimitives.IndexOfMax(_model.Decoder.Logits(row));
    }

    private void Release()
    {
        foreach (KvSlot slot in _slots) slot.Dispose();
        _slots = [];
    }

    private delegate ReadOnlySpan<int> Tokens(int row);
}
