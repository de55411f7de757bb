using System.Buffers.Binary;

namespace Onnx.Llama.Testing;

/// <summary>A tensor of a safetensors file: dtype by the file's name for it, shape, little-endian bytes.</summary>
public sealed record ReferenceTensor(string DType, int[] Shape, byte[] Bytes)
{
    /// <summary>The numbers as float32, each converted by itself.</summary>
    public float[] Floats()
    {
        byte[] b = Bytes;
        return DType switch
        {
            "F32" => Convert(4, i => BinaryPrimitives.ReadSingleLittleEndian(b.AsSpan(i))),
            "F16" => Convert(2, i => (float)BinaryPrimitives.ReadHalfLittleEndian(b.AsSpan(i))),
            "BF16" => Convert(2, i => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(b.AsSpan(i)) << 16)),
            "F64" => Convert(8, i => (float)BinaryPrimitives.ReadDoubleLittleEndian(b.AsSpan(i))),
            _ => throw new NotSupportedException($"dtype is {DType}; the reference reads F32, F16, BF16 and F64."),
        };
    }

    /// <summary>The numbers of an I64 tensor of token ids.</summary>
    public int[] Ids()
    {
        if (DType != "I64") throw new NotSupportedException($"dtype is {DType}; ids are I64.");
        return Convert(8, i => checked((int)BinaryPrimitives.ReadInt64LittleEndian(Bytes.AsSpan(i))));
    }

    private T[] Convert<T>(int size, Func<int, T> read) => [.. Enumerable.Range(0, Bytes.Length / size).Select(i => read(i * size))];
}
