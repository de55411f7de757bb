using System.Text.Json;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates;

/// <summary>One message of a conversation: a mapping with at least the keys that the template reads, usually <c>role</c> and <c>content</c>.</summary>
public sealed class TemplateMessage
{
    private readonly KeyValuePair<string, TemplateValue>[] _fields;

    /// <summary>A message of a role and a content: a text, or a list of parts as <c>{"type": "text", "text": "…"}</c>.</summary>
    public TemplateMessage(string role, TemplateValue content)
        : this([new("role", TemplateValue.From(role)), new("content", content)])
    {
    }

    /// <summary>A message of any fields. Their order is the order in which a template lists or prints them.</summary>
    public TemplateMessage(IEnumerable<KeyValuePair<string, TemplateValue>> fields)
    {
        _fields = [.. fields];
        Value = TemplateValue.Mapping(_fields);
    }

    /// <summary>The message as the template sees it.</summary>
    public TemplateValue Value { get; }

    /// <summary>The message of a JSON object, its keys in the order of the text.</summary>
    /// <exception cref="ArgumentException">The element is not an object, nests too deep, is too large, or holds a text that is not valid Unicode.</exception>
    public static TemplateMessage FromJson(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object) throw new ArgumentException($"a message is {message.ValueKind}; expected an object", nameof(message));
        DictValue fields = (DictValue)TemplateValue.FromJson(message);
        return new(fields.Keys.Zip(fields.Values, (key, value) => KeyValuePair.Create(((StringValue)key).Text, value)));
    }

    /// <summary>The message with a field added, or replaced in its place.</summary>
    public TemplateMessage With(string key, TemplateValue value)
    {
        int index = Array.FindIndex(_fields, field => field.Key == key);
        if (index < 0) return new([.. _fields, new(key, value)]);
        KeyValuePair<string, TemplateValue>[] fields = [.. _fields];
        fields[index] = new(key, value);
        return new(fields);
    }

    /// <summary>The field's value, or null where the message does not have it.</summary>
    internal TemplateValue? Find(string key) => Array.FindLast(_fields, field => field.Key == key).Value;
}
