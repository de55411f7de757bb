using System.Text.Json;

namespace Onnx.Llama.Tokenization.Loading;

/// <summary>A part of a JSON file that knows where it stands, so that every complaint names file and key.</summary>
internal readonly record struct JsonSection(JsonElement Element, string File, string Key)
{
    /// <summary>The value of <c>type</c>.</summary>
    public string Type => Text("type");

    public bool IsNull => Element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    /// <summary>A member; <see cref="IsNull"/> where it is absent.</summary>
    public JsonSection Member(string name)
    {
        RequireKind(JsonValueKind.Object, "an object");
        JsonElement element = Element;
        return new JsonSection(Unicode(() => element.TryGetProperty(name, out JsonElement value) ? value : default), File, PathOf(name));
    }

    public IEnumerable<JsonSection> Items()
    {
        RequireKind(JsonValueKind.Array, "an array");
        string file = File, key = Key;
        return Element.EnumerateArray().Select((item, index) => new JsonSection(item, file, $"{key}[{index}]"));
    }

    public IEnumerable<(string Name, JsonSection Value)> Members()
    {
        RequireKind(JsonValueKind.Object, "an object");
        JsonSection self = this;
        return Element.EnumerateObject().Select(member =>
        {
            string name = self.Unicode(() => member.Name);
            return (name, new JsonSection(member.Value, self.File, self.PathOf(name)));
        });
    }

    public string Text(string name) => OptionalText(name) ?? throw Member(name).Expected("a string");

    public string? OptionalText(string name)
    {
        JsonSection member = Member(name);
        return member.IsNull ? null : member.AsText();
    }

    public string AsText()
    {
        RequireKind(JsonValueKind.String, "a string");
        return Unicode(Element.GetString)!;
    }

    public char Character(string name)
    {
        string text = Text(name);
        return text.Length == 1 ? text[0] : throw Member(name).Expected("one character of the basic plane");
    }

    public bool Flag(string name, bool defaultValue = false) => OptionalFlag(name) ?? defaultValue;

    public bool? OptionalFlag(string name)
    {
        JsonSection member = Member(name);
        return member.IsNull ? null : member.AsFlag();
    }

    public bool AsFlag() => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Expected("true or false"),
    };

    public int Integer(string name) => Member(name).AsInteger();

    public int AsInteger()
    {
        if (Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out int value) && value >= 0) return value;
        throw Expected("a whole number from 0 to 2147483647");
    }

    /// <summary>The complaint that this value is not what it should be.</summary>
    public TokenizerException Expected(string expected)
    {
        string found = Element.ValueKind == JsonValueKind.Undefined ? "nothing" : Unicode(Element.GetRawText);
        if (found.Length > 80) found = found[..80] + "…";
        return new TokenizerException(File, Key, $"found {found}, expected {expected}.");
    }

    /// <summary>The complaint that this kind of stage is not implemented.</summary>
    public TokenizerException UnknownType(string known) =>
        new(File, Key, $"type '{Type}' is not implemented; known are {known}. This tokenizer cannot be used; a wrong guess would give wrong tokens.");

    private string PathOf(string name) => Key.Length == 0 ? name : $"{Key}.{name}";

    /// <summary>A text of the file, which may have bytes that are not UTF-8, or escapes of half a surrogate pair.</summary>
    private T Unicode<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException e)
        {
            throw new TokenizerException(File, Key.Length == 0 ? null : Key, $"is not valid Unicode: {e.Message}", e);
        }
    }

    private void RequireKind(JsonValueKind kind, string expected)
    {
        if (Element.ValueKind != kind) throw Expected(expected);
    }
}
