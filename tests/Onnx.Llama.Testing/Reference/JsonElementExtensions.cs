using System.Text.Json;

namespace Onnx.Llama.Testing;

internal static class JsonElementExtensions
{
    /// <summary>The member, or null where it is absent or JSON's null.</summary>
    public static JsonElement? Find(this JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static int Int(this JsonElement json, string name) =>
        json.Find(name)?.GetInt32() ?? throw new InvalidDataException($"config.json has no '{name}'.");
}
