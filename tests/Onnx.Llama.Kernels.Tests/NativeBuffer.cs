using System.Runtime.InteropServices;

namespace Onnx.Llama.Kernels.Tests;

/// <summary>Memory outside the managed heap, zero and aligned to a cache line.</summary>
internal sealed unsafe class NativeBuffer<T> : IDisposable
    where T : unmanaged
{
    private readonly int _count;

    public NativeBuffer(long count)
    {
        _count = checked((int)count);
        Pointer = (T*)NativeMemory.AlignedAlloc((nuint)Math.Max(1, count * sizeof(T)), 64);
        Span.Clear();
    }

    public T* Pointer { get; }

    public Span<T> Span => new(Pointer, _count);

    public void Dispose() => NativeMemory.AlignedFree(Pointer);
}
