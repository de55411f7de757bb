using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Onnx.Llama.Decoding;

/// <summary>Where a graph writes its logits [rows, vocabulary], and the same as float32, whatever type the graph has. It grows, and shrinks where much less will do.</summary>
internal sealed class LogitBuffer(TensorElementType type, int vocabulary) : IDisposable
{
    /// <summary>Memory beyond this is given back when much less will do.</summary>
    private const long BytesKept = 64 << 20;

    private readonly int _elementSize = type == TensorElementType.Float ? sizeof(float) : sizeof(ushort);
    private HostBuffer _written = new(0);
    private HostBuffer _floats = new(0);

    /// <summary>Where a row begins that the graph writes.</summary>
    public nint Address(int row) => _written.Address + (nint)((long)row * vocabulary * _elementSize);

    /// <summary>Makes room for so many rows.</summary>
    /// <exception cref="ModelException">There is not so much memory.</exception>
    public void Reserve(int rows)
    {
        Reserve(ref _written, checked((long)rows * vocabulary * _elementSize));
        if (type != TensorElementType.Float) Reserve(ref _floats, checked((long)rows * vocabulary * sizeof(float)));
    }

    /// <summary>A tensor [rows, positions, vocabulary] over rows from one on, for the graph to write.</summary>
    public OrtValue Tensor(int rows, int positions, int firstRow) =>
        _written.Tensor(type, _elementSize, [rows, positions, vocabulary], (long)firstRow * vocabulary * _elementSize);

    /// <summary>What the graph wrote into rows, bit by bit.</summary>
    public Span<byte> Written(int firstRow, int rows) =>
        _written.Span<byte>((long)firstRow * vocabulary * _elementSize, checked(rows * vocabulary * _elementSize));

    /// <summary>Makes float32 of rows that the graph wrote, if it wrote anything else.</summary>
    public void Decode(int firstRow, int rows)
    {
        for (int row = firstRow; row < firstRow + rows && type != TensorElementType.Float; row++)
        {
            long start = (long)row * vocabulary;
            Span<float> floats = _floats.Span<float>(start, vocabulary);
            if (type == TensorElementType.Float16) TensorPrimitives.ConvertToSingle(_written.Span<Half>(start, vocabulary), floats);
            else DecodeBrain(_written.Span<ushort>(start, vocabulary), floats);
        }
    }

    /// <summary>One row, decoded.</summary>
    public ReadOnlySpan<float> Row(int row) => (type == TensorElementType.Float ? _written : _floats).Span<float>((long)row * vocabulary, vocabulary);

    public void Dispose()
    {
        _written.Dispose();
        _floats.Dispose();
    }

    /// <summary>bfloat16 is the upper half of float32.</summary>
    private static void DecodeBrain(ReadOnlySpan<ushort> brain, Span<float> floats)
    {
        Span<uint> bits = MemoryMarshal.Cast<float, uint>(floats);
        for (int i = 0; i < brain.Length; i++) bits[i] = (uint)brain[i] << 16;
    }

    private static void Reserve(ref HostBuffer buffer, long bytes)
    {
        bool wasteful = buffer.Bytes > BytesKept && bytes < buffer.Bytes / 4;
        if (bytes <= buffer.Bytes && !wasteful) return;
        buffer.Dispose();
        buffer = new HostBuffer(bytes);
    }
}
