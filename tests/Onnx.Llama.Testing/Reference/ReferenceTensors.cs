using System.Buffers.Binary;
using System.Text.Json;

namespace Onnx.Llama.Testing;

/// <summary>Reads whole safetensors files by code that shares nothing with the converter's reader. For small files that are known to be sound.</summary>
public static class ReferenceTensors
{
    /// <summary>The tensors of one file.</summary>
    public static Dictionary<string, ReferenceTensor> Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        int headerLength = checked((int)BinaryPrimitives.ReadInt64LittleEndian(file)), data = 8 + headerLength;
        Dictionary<string, ReferenceTensor> tensors = new(StringComparer.Ordinal);
        foreach (JsonProperty entry in JsonElement.Parse(file.AsSpan(8, headerLength)).EnumerateObject())
        {
            if (entry.Name == "__metadata__") continue;
            int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
            JsonElement offsets = entry.Value.GetProperty("data_offsets");
            byte[] bytes = file[(data + offsets[0].GetInt32())..(data + offsets[1].GetInt32())];
            tensors.Add(entry.Name, new ReferenceTensor(entry.Value.GetProperty("dtype").GetString()!, shape, bytes));
        }

        return tensors;
    }

    /// <summary>The tensors of a checkpoint's folder: model.safetensors, or every shard that model.safetensors.index.json names.</summary>
    public static Dictionary<string, ReferenceTensor> ReadFolder(string folder)
    {
        string index = Path.Combine(folder, "model.safetensors.index.json");
        if (!File.Exists(index)) return Read(Path.Combine(folder, "model.safetensors"));

        JsonElement map = JsonElement.Parse(File.ReadAllText(index)).GetProperty("weight_map");
        IEnumerable<string> shards = map.EnumerateObject().Select(entry => entry.Value.GetString()!).Distinct(StringComparer.Ordinal);
        return shards.SelectMany(shard => Read(Path.Combine(folder, shard))).ToDictionary(StringComparer.Ordinal);
    }
}
