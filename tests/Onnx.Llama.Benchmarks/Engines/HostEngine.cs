using System.Diagnostics;
using Onnx.Llama.Decoding;

namespace Onnx.Llama.Benchmarks.Engines;

/// <summary>This project's host, through its step interface, the most likely token taken.</summary>
internal sealed class HostEngine(string folder, int threads) : IEngine
{
    private readonly LanguageModel _model = LanguageModel.Open(folder, new ModelOptions { Threads = threads });

    public string Name => "Onnx.Llama";

    /// <summary>How many tokens the model knows.</summary>
    public int VocabularySize => _model.VocabularySize;

    public (double Prefill, double Decode) Run(int[] prompt, int generate)
    {
        using KvSlot slot = _model.Decoder.Rent(prompt.Length + generate);
        StepPlan plan = new();
        long start = Stopwatch.GetTimestamp();
        int token = Step(prompt);
        double prefill = Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        for (int i = 0; i < generate; i++) token = Step([token]);
        return (prefill, Stopwatch.GetElapsedTime(start).TotalSeconds);

        int Step(ReadOnlySpan<int> tokens)
        {
            plan.Clear();
            plan.Add(slot, tokens, LogitsWanted.Last);
            _model.Decoder.Step(plan, CancellationToken.None);
            return System.Numerics.Tensors.TensorPrimitives.IndexOfMax(_model.Decoder.Logits(0));
        }
    }

    public void Dispose() => _model.Dispose();
}
