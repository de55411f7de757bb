using System.Diagnostics;

namespace Onnx.Llama.Benchmarks.Tokenization;

/// <summary>Wall-clock time of an action.</summary>
internal static class Timing
{
    /// <summary>The shortest of so many runs, in milliseconds.</summary>
    public static double BestMilliseconds(int runs, Action action)
    {
        double best = double.MaxValue;
        for (int i = 0; i < runs; i++)
        {
            long started = Stopwatch.GetTimestamp();
            action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return best;
    }
}
