using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Onnx.Llama.Benchmarks.Comparison;

namespace Onnx.Llama.Benchmarks.Engines;

/// <summary>
/// Nothing but reading: a token costs one pass over as many bytes as a step's weights, with vector loads, one thread on each CPU. The bound of decoding;
/// prompts cost nothing.
/// </summary>
internal sealed unsafe class PlainRead : IEngine
{
    private const int Line = 256;
    private readonly byte* _memory;
    private readonly nuint _share;
    private readonly IReadOnlyList<int> _cpus;
    private long _sum;

    public PlainRead(long bytes, IReadOnlyList<int> cpus)
    {
        _cpus = cpus;
        _share = (nuint)(bytes / cpus.Count / Line * Line);
        nuint length = _share * (nuint)cpus.Count;
        _memory = (byte*)NativeMemory.AlignedAlloc(length, 2 << 20);
        Linux.AdviseHugePages(_memory, length);
        // Pages never written all map to one page of zeros, which the processor's cache holds.
        NativeMemory.Fill(_memory, length, 0x5A);
    }

    public double Prefill(int[] prompt, int sequences, int room) => 0;

    public double Decode(int tokens)
    {
        using Barrier barrier = new(_cpus.Count + 1);
        Thread[] threads = [.. Enumerable.Range(0, _cpus.Count).Select(index => new Thread(() => Read(index, tokens, barrier)))];
        foreach (Thread thread in threads) thread.Start();
        barrier.SignalAndWait();
        long start = Stopwatch.GetTimestamp();
        foreach (Thread thread in threads) thread.Join();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Rewind()
    {
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    private void Read(int index, int passes, Barrier barrier)
    {
        Linux.PinThread(0, _cpus[index]);
        byte* begin = _memory + ((nuint)index * _share);
        long sum = 0;
        barrier.SignalAndWait();
        for (int pass = 0; pass < passes; pass++) sum += Vector512.IsHardwareAccelerated ? Sum512(begin, begin + _share) : Sum256(begin, begin + _share);
        // Kept, so that the loads cannot be left out.
        Interlocked.Add(ref _sum, sum);
    }

    private static long Sum512(byte* p, byte* end)
    {
        Vector512<long> a = default, b = default, c = default, d = default;
        for (; p < end; p += Line)
        {
            a += Vector512.LoadAligned((long*)p);
            b += Vector512.LoadAligned((long*)(p + 64));
            c += Vector512.LoadAligned((long*)(p + 128));
            d += Vector512.LoadAligned((long*)(p + 192));
        }

        return Vector512.Sum(a + b + (c + d));
    }

    private static long Sum256(byte* p, byte* end)
    {
        Vector256<long> a = default, b = default, c = default, d = default;
        for (; p < end; p += Line / 2)
        {
            a += Vector256.LoadAligned((long*)p);
            b += Vector256.LoadAligned((long*)(p + 32));
            c += Vector256.LoadAligned((long*)(p + 64));
            d += Vector256.LoadAligned((long*)(p + 96));
        }

        return Vector256.Sum(a + b + (c + d));
    }
}
