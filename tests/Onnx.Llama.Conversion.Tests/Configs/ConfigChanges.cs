using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Onnx.Llama.Conversion.Tests.Configs;

/// <summary>
/// Other values for every key of a config, nested ones too: numbers doubled, halved, next, zero and negative; flags flipped; texts that other configs have, and
/// nonsense; lists shorter, longer and with an item changed; absent keys given and given ones removed.
/// </summary>
/// <param name="valuesElsewhere">The values that a key, by its own name, has in any config.</param>
internal sealed class ConfigChanges(ILookup<string, JsonNode> valuesElsewhere)
{
    private const string Nonsense = "nonsense";

    /// <summary>All changes of a config.</summary>
    public IEnumerable<ConfigChange> Of(JsonObject config) => OfSection(config, []);

    /// <summary>The keys of a config with the values that they have, for <see cref="ConfigChanges"/> of others.</summary>
    public static IEnumerable<(string Key, JsonNode Value)> Values(JsonObject section)
    {
        foreach ((string key, JsonNode? value) in section)
        {
            if (value is null) continue;
            yield return (key, value);
            if (value is JsonObject inner)
            {
                foreach ((string, JsonNode) entry in Values(inner)) yield return entry;
            }
        }
    }

    /// <summary>Keys that only other configs have, with the values that they have there.</summary>
    public IEnumerable<ConfigChange> Foreign(JsonObject config) =>
        from values in valuesElsewhere
        where !config.ContainsKey(values.Key)
        from value in values.Append(Nonsense)
        select new ConfigChange([values.Key], value, MayBeDefault: true);

    private IEnumerable<ConfigChange> OfSection(JsonObject section, IReadOnlyList<string> path)
    {
        foreach ((string key, JsonNode? value) in section)
        {
            IReadOnlyList<string> keyPath = [.. path, key];
            if (value is JsonObject inner)
            {
                foreach (ConfigChange change in OfSection(inner, keyPath)) yield return change;
            }

            if (value is null)
            {
                JsonNode[] given = [.. valuesElsewhere[key], 3, Nonsense];
                foreach (JsonNode other in given.DistinctBy(node => node.ToJsonString())) yield return new ConfigChange(keyPath, other, MayBeDefault: true);
                continue;
            }

            IEnumerable<JsonNode> others = Others(key, value).Where(other => !Same(other, value)).DistinctBy(other => other.ToJsonString());
            foreach (JsonNode other in others) yield return new ConfigChange(keyPath, other, MayBeDefault: false);
            yield return new ConfigChange(keyPath, null, MayBeDefault: true);
        }
    }

    private IEnumerable<JsonNode> Others(string key, JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.True => [false, Nonsense],
        JsonValueKind.False => [true, Nonsense],
        JsonValueKind.Number => [.. Numbers(Number(value)), Nonsense],
        JsonValueKind.String => [.. valuesElsewhere[key], Nonsense, "", 3],
        JsonValueKind.Array => [.. Lists(key, value.AsArray()), Nonsense],
        _ => [Nonsense],
    };

    private static JsonNode[] Numbers(double value) => value == Math.Floor(value) && Math.Abs(value) < int.MaxValue / 2
        ? [(int)value * 2, (int)value / 2, (int)value + 1, (int)-value, 0, -1]
        : [value * 2, value / 2, value + 1, -value, 0, -1];

    private IEnumerable<JsonNode> Lists(string key, JsonArray list)
    {
        if (list.Count == 0) return [With(list, items => items.Add(0))];
        JsonNode first = Others(key, list[0]!).First(item => item is not JsonArray && !Same(item, list[0]!));
        JsonNode last = Others(key, list[^1]!).First(item => item is not JsonArray && !Same(item, list[^1]!));
        return
        [
            With(list, items => items.RemoveAt(items.Count - 1)),
            With(list, items => items.Add(items[^1]!.DeepClone())),
            With(list, items => items[0] = first.DeepClone()),
            With(list, items => items[^1] = last.DeepClone()),
        ];
    }

    private static JsonArray With(JsonArray list, Action<JsonArray> change)
    {
        JsonArray changed = list.DeepClone().AsArray();
        change(changed);
        return changed;
    }

    /// <summary>Equal in meaning: 1 and 1.0 are.</summary>
    private static bool Same(JsonNode a, JsonNode b) => a.GetValueKind() == JsonValueKind.Number && b.GetValueKind() == JsonValueKind.Number
        ? Number(a) == Number(b)
        : JsonNode.DeepEquals(a, b);

    private static double Number(JsonNode value) => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);
}
