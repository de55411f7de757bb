using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Onnx.Llama.Text.Tests.Fuzzing;

/// <summary>How long this thread has computed: a busy machine does not make it longer. Only Linux is asked; elsewhere there is none.</summary>
internal static class ThreadClock
{
    private const int ThreadCpuTime = 3;

    public static bool Exists { get; } = OperatingSystem.IsLinux();

    /// <summary>The time since the thread began, or zero where there is no such clock.</summary>
    public static TimeSpan Now
    {
        get
        {
            if (!Exists) return TimeSpan.Zero;
            if (ReadClock(ThreadCpuTime, out TimeSpec time) != 0) throw new UnreachableException("clock_gettime failed");
            return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick);
        }
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ReadClock(int clock, out TimeSpec time);

    private readonly struct TimeSpec
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
