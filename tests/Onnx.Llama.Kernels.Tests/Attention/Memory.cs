using System.Runtime.InteropServices;

namespace Onnx.Llama.Kernels.Tests.Attention;

/// <summary>
/// Native floats, NaN at first, between marks that nobody may overwrite. On Linux a page that nobody may touch follows at once: a read beyond the end,
/// even of a value that is not used, ends the process.
/// </summary>
internal sealed unsafe partial class Memory : IDisposable
{
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;
    private readonly nuint _bytes;
    private readonly byte* _start;
    private readonly int _count;
    private readonly int _guard;
    private readonly float _mark;

    public Memory(int count, int guard, float mark)
    {
        (_count, _guard, _mark) = (count, guard, mark);
        nuint page = (nuint)Environment.SystemPageSize;
        nuint used = (nuint)(guard + count + BehindCount) * sizeof(float);
        _bytes = ((used + page - 1) & ~(page - 1)) + page;
        _start = OperatingSystem.IsLinux() ? (byte*)Map(0, _bytes, ReadWrite, PrivateAnonymous, -1, 0) : (byte*)NativeMemory.Alloc(_bytes);
        byte* end = _start + _bytes - page;
        if (OperatingSystem.IsLinux()) Assert.Equal(0, Protect(end, page, 0));
        Address = (float*)end - BehindCount - count;
        new Span<float>(Address - guard, guard + count + BehindCount).Fill(mark);
        new Span<float>(Address, count).Fill(float.NaN);
    }

    public float* Address { get; }

    /// <summary>Marks behind the floats, where no page can stand there.</summary>
    private int BehindCount => OperatingSystem.IsLinux() ? 0 : _guard;

    public void CheckGuards()
    {
        Assert.All(new Span<float>(Address - _guard, _guard).ToArray(), value => Assert.Equal(_mark, value));
        Assert.All(new Span<float>(Address + _count, BehindCount).ToArray(), value => Assert.Equal(_mark, value));
    }

    public void Dispose()
    {
        if (OperatingSystem.IsLinux()) _ = Unmap(_start, _bytes);
        else NativeMemory.Free(_start);
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
