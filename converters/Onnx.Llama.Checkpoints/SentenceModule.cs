using System.Text.Json;

namespace Onnx.Llama.Checkpoints;

/// <summary>A step of a model of sentence vectors, as modules.json of sentence-transformers lists them: the decoder first, then what becomes of its vectors.</summary>
/// <param name="Kind">The name of its Python class, without the package: <c>Transformer</c>, <c>Pooling</c>, <c>Normalize</c>, <c>Dense</c> …</param>
/// <param name="Settings">Its config.json; null where it has none.</param>
public sealed record SentenceModule(string Kind, ConfigObject? Settings)
{
    /// <summary>The name of the list in a checkpoint's folder.</summary>
    public const string FileName = "modules.json";

    private const int LongestFile = 1 << 20;

    /// <summary>The modules of a checkpoint; empty where it has no modules.json.</summary>
    /// <exception cref="CheckpointException">The file is not a list of modules with type and path, or a path leaves the folder.</exception>
    public static IReadOnlyList<SentenceModule> Load(string folder)
    {
        string file = Path.Combine(folder, FileName);
        if (!Path.Exists(file)) return [];
        return [.. JsonFile.Parse(SourceFile.ReadSmall(file, LongestFile), file, JsonValueKind.Array).EnumerateArray().Select(entry => Load(folder, file, entry))];
    }

    private static SentenceModule Load(string folder, string file, JsonElement entry)
    {
        if (Text(entry, "type") is not { } type || Text(entry, "path") is not { } path)
        {
            throw new CheckpointException(file, null, "has an entry without a text 'type' and 'path'; expected both of each module.");
        }

        string kind = type[(type.LastIndexOf('.') + 1)..];
        if (path.Length == 0) return new SentenceModule(kind, null);
        if (path is "." or ".." || path.AsSpan().IndexOfAny("/\\:\0") >= 0)
        {
            throw new CheckpointException(file, "path", $"has the path '{Show.Text(path)}'; expected the plain name of a folder beside it.");
        }

        string settings = Path.Combine(folder, path, HfConfig.FileName);
        return new SentenceModule(
            kind, Path.Exists(settings) ? new ConfigObject(JsonFile.Parse(SourceFile.ReadSmall(settings, LongestFile), settings), settings, "") : null);
    }

    private static string? Text(JsonElement entry, string key) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
