using System.Text.Json;
using System.Text.Unicode;

namespace Onnx.Llama.Checkpoints;

/// <summary>A small JSON file, read strictly: UTF-8, an object, each key once, no comments, no NaN.</summary>
internal static class JsonFile
{
    private static readonly byte[][] s_pythonNumbers = ["NaN"u8.ToArray(), "Infinity"u8.ToArray()];

    /// <summary>The object, or where that is expected the list, that the file holds.</summary>
    /// <exception cref="CheckpointException">The text is not JSON of that kind, or has a key twice.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> utf8, string file, JsonValueKind kind = JsonValueKind.Object)
    {
        if (!Utf8.IsValid(utf8.Span)) throw new CheckpointException(file, null, "is not UTF-8; expected JSON in UTF-8. Download it again.");
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8);
            JsonElement root = document.RootElement.Clone();
            string expected = kind == JsonValueKind.Object ? "a JSON object" : "a JSON list";
            if (root.ValueKind != kind) throw new CheckpointException(file, null, $"is {JsonText.Describe(root)}; expected {expected}.");
            CheckKeys(root, "", file);
            return root;
        }
        catch (JsonException e)
        {
            throw new CheckpointException(file, null, Explain(e, utf8.Span), e);
        }
        catch (InvalidOperationException e)
        {
            // An escape such as \ud800 that stands for no character.
            throw new CheckpointException(file, null, $"is not JSON: {e.Message}", e);
        }
    }

    private static void CheckKeys(JsonElement value, string path, string file)
    {
        if (value.ValueKind == JsonValueKind.String) _ = value.GetString();
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in value.EnumerateArray()) CheckKeys(item, path + "[]", file);
        }

        if (value.ValueKind != JsonValueKind.Object) return;
        HashSet<string> keys = new(StringComparer.Ordinal);
        foreach (JsonProperty property in value.EnumerateObject())
        {
            string key = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            if (!keys.Add(property.Name)) throw new CheckpointException(file, key, $"'{Show.Text(key)}' appears twice; expected each key once.");
            CheckKeys(property.Value, key, file);
        }
    }

    private static string Explain(JsonException error, ReadOnlySpan<byte> utf8)
    {
        ReadOnlySpan<byte> rest = utf8;
        for (long line = error.LineNumber ?? 0; line > 0 && rest.IndexOf((byte)'\n') is int end and >= 0; line--) rest = rest[(end + 1)..];
        rest = rest[(int)Math.Min(error.BytePositionInLine ?? 0, rest.Length)..];
        foreach (byte[] number in s_pythonNumbers)
        {
            if (rest.StartsWith(number))
            {
                return $"line {(error.LineNumber ?? 0) + 1} has the number {Show.Text(number)}, which Python writes but JSON does not have; "
                    + "expected a finite number.";
            }
        }

        return $"is not JSON: {error.Message}";
    }
}
