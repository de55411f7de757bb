using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.Win32.SafeHandles;

namespace Onnx.Llama.Decoding;

/// <summary>Memory that tensors lie in, 64-byte aligned and not cleared: pages that nothing was written to cost nothing.</summary>
internal sealed unsafe class HostBuffer : SafeHandleZeroOrMinusOneIsInvalid
{
    private const int Alignment = 64;

    /// <summary>Takes memory.</summary>
    /// <exception cref="ModelException">There is not so much.</exception>
    public HostBuffer(long bytes) : base(ownsHandle: true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Bytes = bytes;
        try
        {
            SetHandle((nint)NativeMemory.AlignedAlloc(checked((nuint)Math.Max(bytes, Alignment)), Alignment));
        }
        catch (OutOfMemoryException fault)
        {
            throw new ModelException("memory", $"{bytes} bytes could not be had", "so much free memory", "Ask for fewer tokens or sequences.", fault);
        }
    }

    /// <summary>The size in bytes.</summary>
    public long Bytes { get; }

    /// <summary>Where it begins.</summary>
    public nint Address => handle;

    /// <summary>A tensor over a part of this memory, which must outlive it.</summary>
    public OrtValue Tensor(TensorElementType type, int elementSize, long[] shape, long offset = 0)
    {
        long bytes = elementSize;
        foreach (long dimension in shape) bytes = checked(bytes * dimension);
        if (offset < 0 || bytes > Bytes - offset) throw new InvalidOperationException($"a tensor of {bytes} bytes at {offset} is outside a buffer of {Bytes}.");
        return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, shape, handle + (nint)offset, bytes);
    }

    /// <summary>A part of this memory, of at most 2^31 - 1 elements.</summary>
    public Span<T> Span<T>(long start, int count) where T : unmanaged
    {
        if (start < 0 || count < 0 || checked((start + count) * sizeof(T)) > Bytes)
        {
            throw new InvalidOperationException($"elements {start} to {start + count} of {sizeof(T)} bytes are outside a buffer of {Bytes}.");
        }

        return new Span<T>((T*)handle + start, count);
    }

    /// <summary>Copies bytes from another buffer.</summary>
    public void CopyFrom(HostBuffer source, long from, long to, long bytes)
    {
        if (from < 0 || to < 0 || bytes < 0 || bytes > source.Bytes - from || bytes > Bytes - to)
        {
            throw new InvalidOperationException($"{bytes} bytes from {from} of {source.Bytes} do not fit at {to} of {Bytes}.");
        }

        Buffer.MemoryCopy((byte*)source.handle + from, (byte*)handle + to, bytes, bytes);
    }

    /// <summary>Exchanges two parts of this memory that do not overlap.</summary>
    public void Swap(long first, long second, long bytes)
    {
        const int Piece = 4096;
        Span<byte> spare = stackalloc byte[Piece];
        for (long done = 0; done < bytes; done += Piece)
        {
            int size = (int)Math.Min(Piece, bytes - done);
            Span<byte> a = Span<byte>(first + done, size);
            Span<byte> b = Span<byte>(second + done, size);
            a.CopyTo(spare);
            b.CopyTo(a);
            spare[..size].CopyTo(b);
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
