using System.Collections.Immutable;
using System.Text.Json;

namespace Onnx.Llama.Checkpoints;

/// <summary>
/// An object of a configuration file, read by typed getters that remember which keys were asked for: what nobody asked for can be reported.
/// A key whose value is null counts as absent. A value of the wrong kind is refused with file, key, value and what was expected.
/// </summary>
/// <remarks>Not thread-safe: reading changes what is unread.</remarks>
public class ConfigObject
{
    private const string PositiveInteger = "a positive integer";
    private const string FiniteNumber = "a finite number";

    private readonly JsonElement _values;
    private readonly string _path;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConfigObject> _sections = new(StringComparer.Ordinal);

    /// <summary>An object at a dotted path of a file; the path is empty for the file's own object.</summary>
    internal ConfigObject(JsonElement values, string file, string path)
    {
        _values = values;
        _path = path;
        File = file;
    }

    /// <summary>Path of the file.</summary>
    public string File { get; }

    /// <summary>The keys whose value is not null, in the file's order. Asking for them does not count as reading.</summary>
    public IEnumerable<string> Keys => _values.EnumerateObject().Where(entry => entry.Value.ValueKind != JsonValueKind.Null).Select(entry => entry.Name);

    /// <summary>Whether the key is there and not null. Asking does not count as reading.</summary>
    public bool Has(string key) => Peek(key) is not null;

    /// <summary>Whether the key is there, and nobody asked for it.</summary>
    public bool IsUnread(string key) => Has(key) && !_read.Contains(key);

    /// <summary>Whether the key is absent or its value switches nothing on: false, 0, the factor 1, an empty list. Asking does not count as reading.</summary>
    public bool IsOff(string key) => Peek(key) switch
    {
        null or { ValueKind: JsonValueKind.False } => true,
        { ValueKind: JsonValueKind.Number } value => value.TryGetDouble(out double number) && number is 0 or 1,
        { ValueKind: JsonValueKind.Array } value => value.GetArrayLength() == 0,
        _ => false,
    };

    /// <summary>A positive integer.</summary>
    /// <exception cref="CheckpointException">It is absent, or no integer from 1 to 2^31-1.</exception>
    public int Size(string key) => OptionalSize(key) ?? throw Missing(key, PositiveInteger);

    /// <summary>A positive integer, or the default where the key is absent.</summary>
    /// <exception cref="CheckpointException">It is no integer from 1 to 2^31-1.</exception>
    public int Size(string key, int @default) => OptionalSize(key) ?? @default;

    /// <summary>A positive integer, or null where the key is absent.</summary>
    /// <exception cref="CheckpointException">It is no integer from 1 to 2^31-1.</exception>
    public int? OptionalSize(string key)
    {
        if (Take(key) is not { } value) return null;
        return IsInteger(value, out int size) && size > 0 ? size : throw Refuse(key, $"{PositiveInteger} up to {int.MaxValue}", "");
    }

    /// <summary>A number as float32.</summary>
    /// <exception cref="CheckpointException">It is absent, or no finite float32.</exception>
    public float Number(string key) => ToSingle(key, Double(key));

    /// <summary>A number as float32, or the default where the key is absent.</summary>
    /// <exception cref="CheckpointException">It is no finite float32.</exception>
    public float Number(string key, float @default) => OptionalDouble(key) is { } value ? ToSingle(key, value) : @default;

    /// <summary>A number as float64, as the file has it.</summary>
    /// <exception cref="CheckpointException">It is absent, or no finite number.</exception>
    public double Double(string key) => OptionalDouble(key) ?? throw Missing(key, FiniteNumber);

    /// <summary>A number as float64, or null where the key is absent.</summary>
    /// <exception cref="CheckpointException">It is no finite number.</exception>
    public double? OptionalDouble(string key) => Take(key) is { } value ? ToDouble(key, value) : null;

    /// <summary>A truth value, or the default where the key is absent.</summary>
    /// <exception cref="CheckpointException">It is neither true nor false.</exception>
    public bool Flag(string key, bool @default) => Take(key) switch
    {
        null => @default,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Refuse(key, "true or false", ""),
    };

    /// <summary>A string.</summary>
    /// <exception cref="CheckpointException">It is absent, or no string.</exception>
    public string Text(string key) => OptionalText(key) ?? throw Missing(key, "a string");

    /// <summary>A string, or the default where the key is absent.</summary>
    /// <exception cref="CheckpointException">It is no string.</exception>
    public string Text(string key, string @default) => OptionalText(key) ?? @default;

    /// <summary>A string, or null where the key is absent.</summary>
    /// <exception cref="CheckpointException">It is no string.</exception>
    public string? OptionalText(string key)
    {
        if (Take(key) is not { } value) return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Refuse(key, "a string", "");
    }

    /// <summary>Whether the key is there and a string. Asking does not count as reading.</summary>
    public bool IsText(string key) => Peek(key)?.ValueKind == JsonValueKind.String;

    /// <summary>Ids, written as one number or as a list; empty where the key is absent.</summary>
    /// <exception cref="CheckpointException">One is no integer from 0 to 2^31-1.</exception>
    public ImmutableArray<int> Ids(string key)
    {
        if (Take(key) is not { } value) return [];
        if (value.ValueKind != JsonValueKind.Array) return [ToId(key, value)];
        return [.. value.EnumerateArray().Select(item => ToId(key, item))];
    }

    /// <summary>A list of strings; empty where the key is absent.</summary>
    /// <exception cref="CheckpointException">It is no list, or holds something else.</exception>
    public ImmutableArray<string> Texts(string key) => [.. List(key).Select(item => ToText(key, item))];

    /// <summary>A list of numbers as float64; empty where the key is absent.</summary>
    /// <exception cref="CheckpointException">It is no list, or holds something else.</exception>
    public ImmutableArray<double> Doubles(string key) => [.. List(key).Select(item => ToDouble(key, item))];

    /// <summary>An object within this one, or null where the key is absent; its own keys are read, or reported, one by one.</summary>
    /// <exception cref="CheckpointException">It is no object.</exception>
    public ConfigObject? Section(string key) => Section(key, (values, path) => new ConfigObject(values, File, path));

    /// <summary>The error of a value that cannot be taken; the message shows the value as the file has it.</summary>
    /// <param name="key">The key in this object.</param>
    /// <param name="expected">What would do, without a full stop.</param>
    /// <param name="advice">What to do about it, a sentence; may be empty.</param>
    public CheckpointException Refuse(string key, string expected, string advice) => Refuse(key, JsonText.Describe(Peek(key)), expected, advice);

    /// <summary>The error of a value that cannot be taken.</summary>
    /// <param name="key">The key in this object.</param>
    /// <param name="found">What was found, following "is".</param>
    /// <param name="expected">What would do, without a full stop.</param>
    /// <param name="advice">What to do about it, a sentence; may be empty.</param>
    public CheckpointException Refuse(string key, string found, string expected, string advice) =>
        new(File, PathOf(key), $"'{Show.Text(PathOf(key))}' is {found}; expected {expected}.{(advice.Length == 0 ? "" : " " + advice)}");

    /// <summary>An object within this one, made of its values and its path when it is first asked for.</summary>
    internal ConfigObject? Section(string key, Func<JsonElement, string, ConfigObject> make)
    {
        if (_sections.TryGetValue(key, out ConfigObject? section)) return section;
        if (Take(key) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Object) throw Refuse(key, "an object", "");
        return _sections[key] = make(value, PathOf(key));
    }

    /// <summary>The key's place in the file: <c>rope_scaling.factor</c>.</summary>
    internal string PathOf(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    /// <summary>The value of a key, not counted as reading.</summary>
    internal JsonElement? Peek(string key) => _values.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>The paths of keys that were not read, here and in the sections that were opened, but for those that mean nothing.</summary>
    internal IEnumerable<string> Unread(Func<ConfigObject, string, bool> meansNothing)
    {
        foreach (string key in Keys)
        {
            if (_sections.TryGetValue(key, out ConfigObject? section))
            {
                foreach (string path in section.Unread(meansNothing)) yield return path;
            }
            else if (!_read.Contains(key) && !meansNothing(this, key))
            {
                yield return PathOf(key);
            }
        }
    }

    private JsonElement? Take(string key)
    {
        _read.Add(key);
        return Peek(key);
    }

    private ImmutableArray<JsonElement> List(string key)
    {
        if (Take(key) is not { } value) return [];
        return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : throw Refuse(key, "a list", "");
    }

    private string ToText(string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Refuse(key, JsonText.Describe(value), "a list of strings", "");

    private int ToId(string key, JsonElement value) =>
        IsInteger(value, out int id) && id >= 0
            ? id
            : throw Refuse(key, JsonText.Describe(value), $"an integer from 0 to {int.MaxValue}, or a list of them", "");

    private double ToDouble(string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number)
            ? number
            : throw Refuse(key, JsonText.Describe(value), FiniteNumber, "");

    private float ToSingle(string key, double value) => float.IsFinite((float)value) ? (float)value : throw Refuse(key, "a number that float32 holds", "");

    private static bool IsInteger(JsonElement value, out int integer)
    {
        integer = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out integer);
    }

    private CheckpointException Missing(string key, string expected) => Refuse(key, "missing", expected, "");
}
