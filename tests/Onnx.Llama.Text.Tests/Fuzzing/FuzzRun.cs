using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;

namespace Onnx.Llama.Text.Tests.Fuzzing;

/// <summary>
/// Runs damaged inputs for a while, and holds each to its bounds: it computes for at most 2 s, and allocates at most 64 bytes for each of its own and what it is
/// told besides. ONNX_LLAMA_FUZZ_SECONDS says for how long each kind runs, ONNX_LLAMA_FUZZ_SEED with which numbers to begin.
/// </summary>
internal sealed class FuzzRun
{
    /// <summary>The runtime hands memory to a thread in pieces of 8 KB, and counts a piece that it gives up as allocated.</summary>
    private const long CountedTogether = 16 << 10;

    private const int BytesPerByte = 64;
    private static readonly double s_seconds = Setting("ONNX_LLAMA_FUZZ_SECONDS", 15);
    private static readonly int s_seed = (int)Setting("ONNX_LLAMA_FUZZ_SEED", 1);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);

    /// <summary>After this, an input hangs: far more than a busy machine stretches 2 s to.</summary>
    private static readonly TimeSpan s_hang = TimeSpan.FromSeconds(90);

    private long _lastEnd;

    /// <summary>The round that runs; with the seed it makes the input again.</summary>
    public int Round { get; private set; }

    /// <summary>Numbers for this round.</summary>
    public Random Random { get; private set; } = new(0);

    /// <summary>Runs one round after the other on a thread of its own, so that one that never ends fails the test and does not stop it.</summary>
    public static void Rounds(Action<FuzzRun> round)
    {
        FuzzRun run = new();
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() => failure = run.Loop(round), maxStackSize: 1 << 20) { IsBackground = true };
        run._lastEnd = Stopwatch.GetTimestamp();
        thread.Start();
        while (!thread.Join(TimeSpan.FromSeconds(1)))
        {
            Assert.True(Stopwatch.GetElapsedTime(Volatile.Read(ref run._lastEnd)) < s_hang, $"seed {s_seed}, round {run.Round}: hangs");
        }

        failure?.Throw();
    }

    /// <summary>
    /// Does something with an input of so many bytes, and checks what that took. Only an exception of type <typeparamref name="TRefusal"/> may come out of it, and
    /// makes it false.
    /// </summary>
    public bool Bounded<TRefusal>(long inputBytes, long furtherBytes, Action action)
        where TRefusal : Exception
    {
        long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan before = ThreadClock.Now;
        bool works = true;
        try
        {
            action();
        }
        catch (TRefusal refusal)
        {
            Assert.NotEmpty(refusal.Message);
            works = false;
        }

        TimeSpan computed = ThreadClock.Now - before;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        Assert.True(computed < s_limit, $"computed for {computed}");
        Assert.True(allocated <= (BytesPerByte * inputBytes) + furtherBytes + CountedTogether, $"allocated {allocated} bytes for an input of {inputBytes}");
        Volatile.Write(ref _lastEnd, Stopwatch.GetTimestamp());
        return works;
    }

    private ExceptionDispatchInfo? Loop(Action<FuzzRun> round)
    {
        long started = Stopwatch.GetTimestamp();
        for (; Stopwatch.GetElapsedTime(started).TotalSeconds < s_seconds; Round++)
        {
            Random = new Random(unchecked((s_seed * 1_000_003) + Round));
            try
            {
                round(this);
            }
            catch (Exception failure)
            {
                return ExceptionDispatchInfo.Capture(new InvalidOperationException($"seed {s_seed}, round {Round}: {failure.Message}", failure));
            }
        }

        return null;
    }

    private static double Setting(string name, double defaultValue) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? double.Parse(value, CultureInfo.InvariantCulture) : defaultValue;
}
