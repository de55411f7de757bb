using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Configs;

/// <summary>A checkpoint of real size without weights: names, types and shapes as listed, the bytes a hole in the file.</summary>
internal static partial class SparseCheckpoint
{
    private const string FileName = "model.safetensors";

    /// <summary>Writes the tensors of a list as ../shared/goldens/configs has them; none where there is no list.</summary>
    public static void Write(TemporaryFolder folder, string list)
    {
        List<(string Name, string DType, long[] Shape)> tensors = File.Exists(list) ? [.. Read(list)] : [];
        long length = 0;
        using MemoryStream header = new();
        using (Utf8JsonWriter json = new(header))
        {
            json.WriteStartObject();
            foreach ((string name, string dtype, long[] shape) in tensors) length = WriteTensor(json, name, dtype, shape, length);
            json.WriteEndObject();
        }

        while (header.Length % sizeof(long) != 0) header.WriteByte((byte)' ');
        using FileStream file = File.Create(folder[FileName]);
        Span<byte> prefix = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        file.Write(prefix);
        file.Write(header.GetBuffer().AsSpan(0, (int)header.Length));
        file.SetLength(file.Position + length);
    }

    /// <summary>Names with {a..b} stand for every integer from a to b.</summary>
    public static IEnumerable<string> Expand(string name)
    {
        Match range = Range().Match(name);
        if (!range.Success) return [name];
        int first = Number(range.Groups[1]);
        return Enumerable.Range(first, Number(range.Groups[2]) - first + 1)
            .SelectMany(number => Expand(name[..range.Index] + number.ToString(CultureInfo.InvariantCulture) + name[(range.Index + range.Length)..]));

        static int Number(Group digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);
    }

    private static long WriteTensor(Utf8JsonWriter json, string name, string dtype, long[] shape, long offset)
    {
        long end = offset + (shape.Aggregate(1L, (count, dimension) => checked(count * dimension)) * Enum.Parse<DType>(dtype).Bits() / 8);
        json.WriteStartObject(name);
        json.WriteString("dtype", dtype);
        WriteIntegers(json, "shape", shape);
        WriteIntegers(json, "data_offsets", [offset, end]);
        json.WriteEndObject();
        return end;
    }

    private static void WriteIntegers(Utf8JsonWriter json, string name, long[] values)
    {
        json.WriteStartArray(name);
        foreach (long value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static IEnumerable<(string, string, long[])> Read(string list)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(list));
        foreach (JsonProperty tensor in document.RootElement.GetProperty("tensors").EnumerateObject())
        {
            string dtype = tensor.Value.GetProperty("dtype").GetString()!;
            long[] shape = [.. tensor.Value.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64())];
            foreach (string name in Expand(tensor.Name)) yield return (name, dtype, shape);
        }
    }

    [GeneratedRegex(@"\{(\d+)\.\.(\d+)\}")]
    private static partial Regex Range();
}
