using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;

namespace Onnx.Llama.Checkpoints;

/// <summary>What a safetensors header says, checked: JSON of one entry for each tensor, and of <c>__metadata__</c>.</summary>
internal sealed record SafetensorsHeader(ImmutableArray<TensorInfo> Tensors, ImmutableSortedDictionary<string, string> Metadata)
{
    private const string MetadataKey = "__metadata__";

    /// <summary>Parses and checks a header.</summary>
    /// <param name="json">The header with its padding.</param>
    /// <param name="file">Path of the file, for messages and <see cref="TensorInfo.File"/>.</param>
    /// <param name="dataStart">Position of the first byte after the header.</param>
    /// <param name="fileLength">Size of the file in bytes.</param>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, string file, long dataStart, long fileLength)
    {
        if (json.IsEmpty || json[0] != '{')
        {
            string found = json.IsEmpty ? "nothing" : $"byte 0x{json[0]:x2}";
            throw new CheckpointException(file, null, $"the header begins with {found}; expected '{{'. This is not a safetensors file, or is damaged.");
        }

        if (!Utf8.IsValid(json)) throw new CheckpointException(file, null, "the header is not UTF-8. The file is damaged: download it again.");
        try
        {
            return ParseObject(json, file, dataStart, fileLength);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escape such as \ud800 that stands for no character.
            throw new CheckpointException(file, null, $"the header is not JSON: {e.Message} The file is damaged: download it again.", e);
        }
    }

    private static SafetensorsHeader ParseObject(ReadOnlySpan<byte> json, string file, long dataStart, long fileLength)
    {
        Utf8JsonReader reader = new(json);
        reader.Read();
        HashSet<string> names = new(StringComparer.Ordinal);
        List<TensorInfo> tensors = [];
        ImmutableSortedDictionary<string, string> metadata = NoMetadata;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (!names.Add(name)) throw new CheckpointException(file, name, $"'{Show.Text(name)}' appears twice in the header; expected each name once.");
            reader.Read();
            if (name == MetadataKey) metadata = ParseMetadata(ref reader, file);
            else tensors.Add(SafetensorsEntry.Parse(ref reader, name, file, dataStart));
        }

        // Reads on to the end, so that anything but white space after the closing brace is refused.
        while (reader.Read()) { }

        return new SafetensorsHeader(SafetensorsLayout.Check(tensors, file, dataStart, fileLength), metadata);
    }

    private static ImmutableSortedDictionary<string, string> NoMetadata => ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    private static ImmutableSortedDictionary<string, string> ParseMetadata(ref Utf8JsonReader reader, string file)
    {
        // The format's own reader takes null for none, and MLX writes it.
        if (reader.TokenType == JsonTokenType.Null) return NoMetadata;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new CheckpointException(file, MetadataKey, $"'{MetadataKey}' is {JsonText.Describe(ref reader)}; expected an object of strings.");
        }

        var metadata = NoMetadata.ToBuilder();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                throw new CheckpointException(file, MetadataKey, $"'{MetadataKey}.{Show.Text(key)}' is {JsonText.Describe(ref reader)}; expected a string.");
            }

            if (!metadata.TryAdd(key, reader.GetString()!))
            {
                throw new CheckpointException(file, MetadataKey, $"'{MetadataKey}.{Show.Text(key)}' appears twice; expected each key once.");
            }
        }

        return metadata.ToImmutable();
    }
}
