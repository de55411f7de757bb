using System.Diagnostics;
using Onnx.Llama.Decoding;

namespace Onnx.Llama.Cli.Benchmarking;

/// <summary>Times prompts and generation through the step interface: no tokenizer, no sampling, ids from a fixed sequence.</summary>
internal sealed class Benchmark(IDecoder decoder, BenchmarkSettings settings)
{
    private readonly StepPlan _plan = new();
    private readonly int[] _ids = [.. Enumerable.Range(0, Math.Max(settings.Prompt, settings.Depth)).Select(i => (int)((i * 2654435761L) % decoder.VocabularySize))];

    /// <summary>One run, in seconds: the prompt of one sequence, then the generation of all.</summary>
    public (double Prefill, double Decode) Run(CancellationToken cancellationToken)
    {
        KvSlot[] slots = [.. Enumerable.Range(0, settings.Batch).Select(_ => decoder.Rent(settings.Depth + settings.Prompt + settings.Generate))];
        try
        {
            double prefill = 0;
            foreach (KvSlot slot in slots)
            {
                if (settings.Depth > 0) Step(slot, settings.Depth, LogitsWanted.None, cancellationToken);
                prefill = Step(slot, settings.Prompt, LogitsWanted.Last, cancellationToken);
            }

            return (prefill, Decode(slots, cancellationToken));
        }
        finally
        {
            foreach (KvSlot slot in slots) slot.Dispose();
        }
    }

    private double Step(KvSlot slot, int tokens, LogitsWanted wanted, CancellationToken cancellationToken)
    {
        _plan.Clear();
        _plan.Add(slot, _ids.AsSpan(0, tokens), wanted);
        return Timed(cancellationToken);
    }

    private double Decode(KvSlot[] slots, CancellationToken cancellationToken)
    {
        double seconds = 0;
        for (int i = 0; i < settings.Generate; i++)
        {
            _plan.Clear();
            foreach (KvSlot slot in slots) _plan.Add(slot, [_ids[i % _ids.Length]], LogitsWanted.Last);
            seconds += Timed(cancellationToken);
        }

        return seconds;
    }

    private double Timed(CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        decoder.Step(_plan, cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
