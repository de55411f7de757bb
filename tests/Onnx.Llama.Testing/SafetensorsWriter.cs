using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Testing;

/// <summary>Writes safetensors files for tests: tensors in the order given, header padded to eight bytes.</summary>
public sealed class SafetensorsWriter
{
    private readonly List<(string Name, DType DType, long[] Shape, byte[] Bytes)> _tensors = [];

    /// <summary>The free text pairs under <c>__metadata__</c>; none are written if empty.</summary>
    public SortedDictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds a tensor of raw little-endian bytes. Nothing is checked: a test may want what is wrong.</summary>
    public SafetensorsWriter Add(string name, DType dtype, long[] shape, byte[] bytes)
    {
        _tensors.Add((name, dtype, shape, bytes));
        return this;
    }

    /// <summary>Adds a float32 tensor.</summary>
    public SafetensorsWriter Add(string name, long[] shape, ReadOnlySpan<float> values) => Add(name, DType.F32, shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>The file's bytes.</summary>
    public byte[] ToBytes()
    {
        byte[] json = Header();
        int headerLength = (json.Length + 7) & ~7;
        using MemoryStream file = new();
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, headerLength);
        file.Write(length);
        file.Write(json);
        for (int i = json.Length; i < headerLength; i++) file.WriteByte((byte)' ');
        foreach ((_, _, _, byte[] bytes) in _tensors) file.Write(bytes);
        return file.ToArray();
    }

    /// <summary>Writes the file.</summary>
    public void Save(string path) => File.WriteAllBytes(path, ToBytes());

    private byte[] Header()
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            if (Metadata.Count > 0) WriteMetadata(json);
            long offset = 0;
            foreach ((string name, DType dtype, long[] shape, byte[] bytes) in _tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", dtype.ToString());
                WriteIntegers(json, "shape", shape);
                WriteIntegers(json, "data_offsets", [offset, offset + bytes.Length]);
                json.WriteEndObject();
                offset += bytes.Length;
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private void WriteMetadata(Utf8JsonWriter json)
    {
        json.WriteStartObject("__metadata__");
        foreach ((string key, string value) in Metadata) json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteIntegers(Utf8JsonWriter json, string name, long[] values)
    {
        json.WriteStartArray(name);
        foreach (long value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
