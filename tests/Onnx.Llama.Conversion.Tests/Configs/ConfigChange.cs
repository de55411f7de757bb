using System.Text.Json.Nodes;

namespace Onnx.Llama.Conversion.Tests.Configs;

/// <summary>One setting of a config.json with another value.</summary>
/// <param name="Path">The keys that lead to it, outermost first.</param>
/// <param name="Value">The other value; null removes the key.</param>
/// <param name="MayBeDefault">Whether the two values may mean the same: where a key is absent, its default counts.</param>
internal sealed record ConfigChange(IReadOnlyList<string> Path, JsonNode? Value, bool MayBeDefault)
{
    /// <summary>The setting's own key.</summary>
    public string Key => Path[^1];

    /// <summary>As messages name it: "rope_scaling.factor".</summary>
    public string DottedPath => string.Join('.', Path);

    /// <summary>The changed config.</summary>
    public string Apply(JsonObject config)
    {
        JsonObject changed = config.DeepClone().AsObject();
        JsonObject section = changed;
        foreach (string key in Path.SkipLast(1)) section = section[key]!.AsObject();
        if (Value is null) section.Remove(Key);
        else section[Key] = Value.DeepClone();
        return changed.ToJsonString();
    }

    public override string ToString() => $"{DottedPath} = {Value?.ToJsonString() ?? "(absent)"}";
}
