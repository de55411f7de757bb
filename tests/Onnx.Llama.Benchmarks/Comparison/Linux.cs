using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Onnx.Llama.Benchmarks.Comparison;

/// <summary>What only Linux can be asked: placing threads, large pages, and which CPUs there are.</summary>
internal static unsafe partial class Linux
{
    private const int HugePage = 14;
    private const string Cpus = "/sys/devices/system/cpu";

    /// <summary>Keeps a thread (0 is the calling one) on one CPU.</summary>
    public static void PinThread(int thread, int cpu)
    {
        Span<ulong> mask = stackalloc ulong[16];
        mask.Clear();
        mask[cpu / 64] = 1UL << (cpu % 64);
        fixed (ulong* bits = mask)
        {
            if (SetAffinity(thread, (nuint)(mask.Length * sizeof(ulong)), bits) != 0)
            {
                throw new Win32Exception(Marshal.GetLastPInvokeError(), FormattableString.Invariant($"thread {thread} cannot be kept on CPU {cpu}"));
            }
        }
    }

    /// <summary>Whether a thread of this process still runs.</summary>
    public static bool IsThread(int thread) => Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/self/task/{thread}"));

    /// <summary>Asks for large pages; where there are none, nothing changes.</summary>
    public static void AdviseHugePages(void* memory, nuint length) => _ = Advise(memory, length, HugePage);

    /// <summary>As many CPUs that this process may use, each of another physical core.</summary>
    /// <exception cref="InvalidOperationException">There are fewer.</exception>
    public static IReadOnlyList<int> OneCpuPerCore(int count)
    {
        int[] cpus = [.. Allowed()
            .DistinctBy(cpu => File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"{Cpus}/cpu{cpu}/topology/thread_siblings_list")))
            .Take(count)];
        return cpus.Length == count
            ? cpus
            : throw new InvalidOperationException($"{count} threads need as many physical cores; this process may use {cpus.Length}. Lower --threads.");
    }

    private static IEnumerable<int> Allowed()
    {
        const string Key = "Cpus_allowed_list:";
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(Key, StringComparison.Ordinal));
        foreach (string range in line[Key.Length..].Trim().Split(','))
        {
            int[] ends = [.. range.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture))];
            for (int cpu = ends[0]; cpu <= ends[^1]; cpu++) yield return cpu;
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nuint length, ulong* mask);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* memory, nuint length, int advice);
}
