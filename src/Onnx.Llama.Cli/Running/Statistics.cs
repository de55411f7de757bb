using System.Diagnostics;

namespace Onnx.Llama.Cli.Running;

/// <summary>Times of one answer.</summary>
internal sealed class Statistics
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _first;
    private TimeSpan _sinceProcessStart;

    /// <summary>The newest delta.</summary>
    public TextDelta Last { get; private set; }

    /// <summary>Says where the model runs, and why not elsewhere.</summary>
    public static void WriteProvider(LanguageModel model)
    {
        foreach (ProviderDecision decision in model.ProviderDecisions)
        {
            Console.Error.WriteLine($"{decision.Provider}: {(decision.Taken ? "taken" : "not taken")}: {decision.Reason}");
        }
    }

    /// <summary>Counts a token.</summary>
    public void Add(TextDelta delta)
    {
        if (_first == 0)
        {
            _first = Stopwatch.GetTimestamp();
            _sinceProcessStart = DateTime.UtcNow - Process.GetCurrentProcess().StartTime.ToUniversalTime();
        }

        Last = delta;
    }

    public override string ToString()
    {
        TokenUsage usage = Last.Usage;
        double first = Stopwatch.GetElapsedTime(_start, _first).TotalSeconds;
        double rest = Stopwatch.GetElapsedTime(_first).TotalSeconds;
        int run = usage.PromptTokens - usage.CachedTokens;
        double speed = usage.GeneratedTokens > 1 ? (usage.GeneratedTokens - 1) / rest : 0;
        return FormattableString.Invariant(
            $"""
            prompt     {usage.PromptTokens} tokens, {usage.CachedTokens} of them cached; {run / first:0.0} tokens/s
            first      {first * 1000:0.0} ms to the first token; {_sinceProcessStart.TotalMilliseconds:0} ms from the process's start
            generated  {usage.GeneratedTokens} tokens, {speed:0.0} tokens/s ({Last.FinishReason})
            """);
    }
}
