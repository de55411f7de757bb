using System.Runtime.InteropServices;

namespace Onnx.Llama.Kernels.Weights;

/// <summary>Memory outside the managed heap, aligned to a page, of any length.</summary>
internal sealed unsafe class NativeMemoryBlock : IDisposable
{
    private const int Page = 4096;

    public NativeMemoryBlock(long bytes)
    {
        Length = bytes;
        Pointer = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(1, bytes), Page);
    }

    ~NativeMemoryBlock() => Free();

    public byte* Pointer { get; private set; }

    public long Length { get; }

    public Span<byte> Slice(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, Length);
        return new Span<byte>(Pointer + offset, length);
    }

    public void Clear(long length) => NativeMemory.Clear(Pointer, (nuint)length);

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (Pointer is null) return;
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }
}
