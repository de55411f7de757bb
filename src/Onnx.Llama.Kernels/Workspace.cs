using System.Runtime.InteropServices;

namespace Onnx.Llama.Kernels;

/// <summary>
/// Memory for what a kernel computes on its way. It is lent for the time of a call and kept for the next, so that steps allocate nothing: there are as many
/// pieces as kernels ran at the same time, each as large as the largest that asked for it.
/// </summary>
internal readonly unsafe struct Workspace : IDisposable
{
    private const int CacheLine = 64;

    private static readonly Lock s_lock = new();
    private static readonly Stack<Workspace> s_free = new();

    private readonly long _bytes;

    private Workspace(long bytes)
    {
        _bytes = bytes;
        Pointer = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, CacheLine);
    }

    /// <summary>Aligned to a cache line; holds whatever it held.</summary>
    public byte* Pointer { get; }

    /// <summary>At least so many bytes.</summary>
    public static Workspace Rent(long bytes)
    {
        Workspace free;
        lock (s_lock) _ = s_free.TryPop(out free);
        if (free._bytes >= bytes) return free;
        if (free.Pointer is not null) NativeMemory.AlignedFree(free.Pointer);
        return new Workspace(bytes);
    }

    /// <summary>Gives it back.</summary>
    public void Dispose()
    {
        if (Pointer is null) return;
        lock (s_lock) s_free.Push(this);
    }
}
