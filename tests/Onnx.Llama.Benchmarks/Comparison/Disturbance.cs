using System.Diagnostics;
using System.Globalization;

namespace Onnx.Llama.Benchmarks.Comparison;

/// <summary>How busy the rest of the machine was: CPU time of everything, less what the measured processes used, over the time that passed.</summary>
internal sealed class Disturbance
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly double _busy = BusySeconds();
    private readonly double _own = OwnSeconds();

    /// <summary>Cores that others took since the start.</summary>
    /// <param name="children">CPU time, in seconds, that ended children of this process used: not others'.</param>
    public double OtherCores(double children = 0)
    {
        double own = OwnSeconds() - _own + children;
        return Math.Round(Math.Max(0, BusySeconds() - _busy - own) / Stopwatch.GetElapsedTime(_start).TotalSeconds, 3);
    }

    private static double OwnSeconds() => Environment.CpuUsage.TotalTime.TotalSeconds;

    private static double BusySeconds()
    {
        // user nice system idle iowait irq softirq steal, in hundredths of a second
        long[] ticks = [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8)
            .Select(field => long.Parse(field, CultureInfo.InvariantCulture))];
        return (ticks.Sum() - ticks[3] - ticks[4]) / 100.0;
    }
}
