using System.Text.Json;

namespace Onnx.Llama.Checkpoints;

/// <summary>What a JSON value is, in words for messages.</summary>
internal static class JsonText
{
    /// <summary>The value that the reader stands on: <c>the number 1.5</c>, <c>an object</c>.</summary>
    public static string Describe(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => $"the string \"{Show.Text(reader.ValueSpan)}\"",
        JsonTokenType.Number => $"the number {Show.Text(reader.ValueSpan)}",
        _ => Show.Text(reader.ValueSpan),
    };

    /// <summary>The same of an element.</summary>
    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => $"a list of {value.GetArrayLength()}",
        JsonValueKind.String => $"the string \"{Show.Text(value.GetString()!)}\"",
        JsonValueKind.Number => Show.Text(value.GetRawText()),
        _ => value.GetRawText(),
    };
}
