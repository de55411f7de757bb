using System.Buffers;

namespace Onnx.Llama.Conversion.Output;

/// <summary>A pooled array of an exact length, given back on dispose.</summary>
internal readonly ref struct Scratch<T>(int length)
    where T : unmanaged
{
    private readonly T[] _array = ArrayPool<T>.Shared.Rent(length);

    public Span<T> Span => _array.AsSpan(0, length);

    public void Dispose() => ArrayPool<T>.Shared.Return(_array);
}
