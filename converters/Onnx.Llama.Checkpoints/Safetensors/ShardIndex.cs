using System.Text.Json;

namespace Onnx.Llama.Checkpoints;

/// <summary>model.safetensors.index.json: which shard holds which tensor.</summary>
internal static class ShardIndex
{
    /// <summary>The name of the index in a checkpoint's folder.</summary>
    public const string FileName = "model.safetensors.index.json";

    private const int LongestIndex = 64 << 20;
    private const string DifferentVersions = "Index and shards are of different versions: download both again.";
    private const string MapKey = "weight_map";

    /// <summary>Tensor name to shard name; shard names are checked to stay within the folder.</summary>
    public static SortedDictionary<string, string> Load(string file)
    {
        JsonElement root = JsonFile.Parse(SourceFile.ReadSmall(file, LongestIndex), file);
        if (!root.TryGetProperty(MapKey, out JsonElement map))
        {
            throw new CheckpointException(file, MapKey, $"has no '{MapKey}'; expected an object of tensor names and shards.");
        }

        if (map.ValueKind != JsonValueKind.Object)
        {
            throw new CheckpointException(file, MapKey, $"'{MapKey}' is {JsonText.Describe(map)}; expected an object of tensor names and shards.");
        }

        if (map.GetPropertyCount() == 0) throw new CheckpointException(file, MapKey, $"'{MapKey}' is empty; expected at least one tensor.");
        SortedDictionary<string, string> shards = new(StringComparer.Ordinal);
        foreach (JsonProperty entry in map.EnumerateObject()) shards.Add(entry.Name, ShardName(entry, file));
        return shards;
    }

    /// <summary>Checks that index and shards agree: each tensor is in the one shard that the index names, and the index names each tensor.</summary>
    public static void Check(SortedDictionary<string, string> map, IEnumerable<SafetensorsFile> shards, string folder, string index)
    {
        Dictionary<string, string> places = new(StringComparer.Ordinal);
        foreach (SafetensorsFile shard in shards)
        {
            string file = Path.GetRelativePath(folder, shard.Path).Replace(Path.DirectorySeparatorChar, '/');
            foreach (TensorInfo tensor in shard.Tensors)
            {
                if (places.TryAdd(tensor.Name, file)) continue;
                string problem = $"tensor '{Show.Text(tensor.Name)}' is also in {Show.Text(places[tensor.Name])}; expected it in one shard.";
                throw new CheckpointException(shard.Path, tensor.Name, problem);
            }
        }

        foreach ((string name, string shard) in map)
        {
            string? where = places.GetValueOrDefault(name);
            if (where == shard) continue;
            string found = where is null ? "in no shard" : $"in {Show.Text(where)}";
            throw new CheckpointException(index, name, $"says that tensor '{Show.Text(name)}' is in {Show.Text(shard)}; it is {found}. {DifferentVersions}");
        }

        if (places.Keys.FirstOrDefault(name => !map.ContainsKey(name)) is string unlisted)
        {
            string problem = $"does not list tensor '{Show.Text(unlisted)}', which is in {Show.Text(places[unlisted])}.";
            throw new CheckpointException(index, unlisted, $"{problem} {DifferentVersions}");
        }
    }

    private static string ShardName(JsonProperty entry, string file)
    {
        if (entry.Value.ValueKind != JsonValueKind.String) throw Wrong(entry, file, "the name of a shard");
        string name = entry.Value.GetString()!;
        bool inside = name.IndexOfAny(['\\', ':', '\0']) < 0 && name.Split('/').All(part => part is not ("" or "." or ".."));
        return inside ? name : throw Wrong(entry, file, "a path within the checkpoint's folder, with '/' between its parts");
    }

    private static CheckpointException Wrong(JsonProperty entry, string file, string expected) =>
        new(file, entry.Name, $"the shard of tensor '{Show.Text(entry.Name)}' is {JsonText.Describe(entry.Value)}; expected {expected}.");
}
