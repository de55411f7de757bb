using System.Collections.Immutable;
using System.Text.Json;

namespace Onnx.Llama.Checkpoints;

/// <summary>One tensor's entry in a header: <c>{"dtype": "BF16", "shape": [2, 3], "data_offsets": [0, 12]}</c>, all three fields and no others.</summary>
internal static class SafetensorsEntry
{
    private const string Fields = "\"dtype\", \"shape\" and \"data_offsets\"";

    /// <summary>Reads the entry that the reader stands on and checks that its shape, dtype and range agree.</summary>
    public static TensorInfo Parse(ref Utf8JsonReader reader, string name, string file, long dataStart)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw Wrong(file, name, $"is {JsonText.Describe(ref reader)}; expected an object of {Fields}");
        DType? dtype = null;
        ImmutableArray<long>? shape = null;
        ImmutableArray<long>? range = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string field = reader.GetString()!;
            reader.Read();
            bool again = field switch
            {
                "dtype" => dtype.HasValue,
                "shape" => shape.HasValue,
                "data_offsets" => range.HasValue,
                _ => throw Wrong(file, name, $"has a field \"{Show.Text(field)}\"; expected {Fields} only"),
            };
            if (again) throw Wrong(file, name, $"has \"{field}\" twice; expected it once");
            if (field == "dtype") dtype = ParseDType(ref reader, name, file);
            else if (field == "shape") shape = ParseIntegers(ref reader, field, name, file);
            else range = ParseIntegers(ref reader, field, name, file);
        }

        return Combine(
            name, file, dataStart,
            dtype ?? throw Missing(file, name, "dtype"), shape ?? throw Missing(file, name, "shape"), range ?? throw Missing(file, name, "data_offsets"));
    }

    private static TensorInfo Combine(string name, string file, long dataStart, DType dtype, ImmutableArray<long> shape, ImmutableArray<long> range)
    {
        if (range.Length != 2) throw Wrong(file, name, $"has {range.Length} values in \"data_offsets\"; expected 2, begin and end");
        (long begin, long end) = (range[0], range[1]);
        if (begin > end) throw Wrong(file, name, $"begins at byte {begin} of the data and ends at {end}; expected begin <= end");
        if (end > long.MaxValue - dataStart) throw Wrong(file, name, $"ends at byte {end} of the data, past what a file can have");
        long bytes = Bytes(name, file, dtype, shape);
        if (bytes != end - begin)
        {
            throw Wrong(file, name, $"has {end - begin} bytes (from {begin} to {end}); {Show.Shape(shape)} {dtype} takes {bytes}");
        }

        return new TensorInfo(name, dtype, shape, file, dataStart + begin, bytes);
    }

    private static long Bytes(string name, string file, DType dtype, ImmutableArray<long> shape)
    {
        try
        {
            long bits = shape.Aggregate(1L, (product, size) => checked(product * size));
            bits = checked(bits * dtype.Bits());
            return bits % 8 == 0 ? bits / 8 : throw Wrong(file, name, $"is {Show.Shape(shape)} {dtype}, {bits} bits; expected whole bytes");
        }
        catch (OverflowException e)
        {
            string problem = $"tensor '{Show.Text(name)}' is {Show.Shape(shape)} {dtype}; its size in bits is more than a 64-bit number holds.";
            throw new CheckpointException(file, name, $"{problem} The file is damaged.", e);
        }
    }

    private static DType ParseDType(ref Utf8JsonReader reader, string name, string file)
    {
        if (reader.TokenType == JsonTokenType.String && DTypes.TryParse(reader.GetString()!, out DType dtype)) return dtype;
        throw Wrong(file, name, $"has as \"dtype\" {JsonText.Describe(ref reader)}; expected one of {DTypes.Known}");
    }

    private static ImmutableArray<long> ParseIntegers(ref Utf8JsonReader reader, string field, string name, string file)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw Wrong(file, name, $"has as \"{field}\" {JsonText.Describe(ref reader)}; expected a list of integers");
        }

        var values = ImmutableArray.CreateBuilder<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long value) || value < 0)
            {
                throw Wrong(file, name, $"has in \"{field}\" {JsonText.Describe(ref reader)}; expected an integer from 0 to {long.MaxValue}");
            }

            values.Add(value);
        }

        return values.ToImmutable();
    }

    private static CheckpointException Missing(string file, string name, string field) => Wrong(file, name, $"has no \"{field}\"; expected {Fields}");

    private static CheckpointException Wrong(string file, string name, string what) => new(file, name, $"tensor '{Show.Text(name)}' {what}.");
}
