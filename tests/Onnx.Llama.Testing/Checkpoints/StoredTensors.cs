using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Onnx.Llama.Quantization;

namespace Onnx.Llama.Testing;

/// <summary>Writes safetensors checkpoints of any size, tensor after tensor, in constant memory.</summary>
internal static class StoredTensors
{
    private const int PieceLength = 1 << 18;

    /// <summary>Writes model.safetensors, or shards of about equal size and their index.</summary>
    public static void WriteFolder(string folder, IReadOnlyList<StoredTensor> tensors, StoredFloat dtype, int shards)
    {
        if (shards == 1)
        {
            Write(Path.Combine(folder, "model.safetensors"), tensors, dtype);
            return;
        }

        List<StoredTensor>[] parts = Split(tensors, shards);
        SortedDictionary<string, string> map = new(StringComparer.Ordinal);
        for (int i = 0; i < shards; i++)
        {
            string name = FormattableString.Invariant($"model-{i + 1:D5}-of-{shards:D5}.safetensors");
            Write(Path.Combine(folder, name), parts[i], dtype);
            foreach (StoredTensor tensor in parts[i]) map.Add(tensor.Name, name);
        }

        var index = new { metadata = new { total_size = tensors.Sum(tensor => tensor.Count) * SizeOf(dtype) }, weight_map = map };
        File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), JsonSerializer.Serialize(index));
    }

    private static void Write(string path, IReadOnlyList<StoredTensor> tensors, StoredFloat dtype)
    {
        using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        file.Write(Header(tensors, dtype));
        float[] values = new float[PieceLength];
        byte[] bytes = new byte[PieceLength * SizeOf(dtype)];
        foreach (StoredTensor tensor in tensors)
        {
            for (long start = 0; start < tensor.Count; start += PieceLength)
            {
                Span<float> piece = values.AsSpan(0, (int)Math.Min(PieceLength, tensor.Count - start));
                tensor.Fill(start, piece);
                Span<byte> stored = bytes.AsSpan(0, piece.Length * SizeOf(dtype));
                Encode(piece, dtype, stored);
                file.Write(stored);
            }
        }
    }

    /// <summary>The header's length and JSON, padded with spaces so that the data starts at a multiple of eight.</summary>
    private static byte[] Header(IReadOnlyList<StoredTensor> tensors, StoredFloat dtype)
    {
        SortedDictionary<string, object> entries = new(StringComparer.Ordinal) { ["__metadata__"] = new { format = "pt" } };
        long offset = 0;
        foreach (StoredTensor tensor in tensors)
        {
            long end = offset + (tensor.Count * SizeOf(dtype));
            entries.Add(tensor.Name, new { dtype = dtype.ToString(), shape = tensor.Shape, data_offsets = new[] { offset, end } });
            offset = end;
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(entries), header = new byte[8 + ((json.Length + 7) & ~7)];
        header.AsSpan().Fill((byte)' ');
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - 8);
        json.CopyTo(header, 8);
        return header;
    }

    private static void Encode(ReadOnlySpan<float> values, StoredFloat dtype, Span<byte> bytes)
    {
        if (dtype == StoredFloat.F32) MemoryMarshal.AsBytes(values).CopyTo(bytes);
        else if (dtype == StoredFloat.F16) FloatFormats.EncodeFloat16(values, MemoryMarshal.Cast<byte, ushort>(bytes));
        else FloatFormats.EncodeBFloat16(values, MemoryMarshal.Cast<byte, ushort>(bytes));
    }

    private static int SizeOf(StoredFloat dtype) => dtype == StoredFloat.F32 ? 4 : 2;

    private static List<StoredTensor>[] Split(IReadOnlyList<StoredTensor> tensors, int shards)
    {
        List<StoredTensor>[] parts = [.. Enumerable.Range(0, shards).Select(static _ => new List<StoredTensor>())];
        long total = tensors.Sum(tensor => tensor.Count), before = 0;
        foreach (StoredTensor tensor in tensors)
        {
            parts[(int)(before * shards / total)].Add(tensor);
            before += tensor.Count;
        }

        return parts;
    }
}
