using System.Globalization;

namespace Onnx.Llama.Benchmarks.Comparison;

/// <summary>
/// Puts the threads that compute on CPUs of their own, whoever made them: those that used most CPU time while some work ran. Some kernels start a thread
/// on the CPU of its creator, and two that spin there take turns instead of working together.
/// </summary>
internal static class ThreadPinning
{
    /// <summary>Runs the work, then pins as many threads as there are CPUs.</summary>
    public static void Pin(IReadOnlyList<int> cpus, Action work)
    {
        Dictionary<int, long> before = Times();
        work();
        IEnumerable<int> busiest = Times().OrderByDescending(pair => pair.Value - before.GetValueOrDefault(pair.Key)).Select(pair => pair.Key);
        foreach ((int thread, int cpu) in busiest.Where(Linux.IsThread).Zip(cpus)) Linux.PinThread(thread, cpu);
    }

    private static Dictionary<int, long> Times()
    {
        Dictionary<int, long> nanoseconds = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc/self/task"))
        {
            try
            {
                string time = File.ReadAllText(Path.Combine(folder, "schedstat")).Split(' ')[0];
                nanoseconds.Add(int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture), long.Parse(time, CultureInfo.InvariantCulture));
            }
            catch (Exception exception) when (exception is IOException or FormatException)
            {
                // The thread ended meanwhile.
            }
        }

        return nanoseconds;
    }
}
