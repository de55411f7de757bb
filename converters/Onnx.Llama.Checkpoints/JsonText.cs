using System.Text.Json;

namespace Onnx.Llama.Checkpoints;

/// <summary>What a JSON value is, in words for messages.</summary>
internal static class JsonText
{
    /// <summary>The value that the reader stands on: <c>1.5</c>, <c>"F33"</c>, <c>an object</c>.</summary>
    public static string Describe(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => $"\"{Show.Text(reader.ValueSpan)}\"",
        _ => Show.Text(reader.ValueSpan),
    };

    /// <summary>The same of an element; <c>missing</c> where there is none.</summary>
    public static string Describe(JsonElement? value) => value switch
    {
        null => "missing",
        { ValueKind: JsonValueKind.Object } => "an object",
        { ValueKind: JsonValueKind.Array } list => $"a list of {list.GetArrayLength()}",
        { ValueKind: JsonValueKind.String } text => $"\"{Show.Text(text.GetString()!)}\"",
        { } other => Show.Text(other.GetRawText()),
    };
}
