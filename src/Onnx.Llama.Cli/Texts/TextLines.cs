using System.Text.Encodings.Web;
using System.Text.Json;

namespace Onnx.Llama.Cli.Texts;

/// <summary>Results as lines of JSON.</summary>
internal static class TextLines
{
    /// <summary>Labels stand as they are: the lines are no part of a web page.</summary>
    private static readonly TextResultJson s_json = new(new JsonSerializerOptions(TextResultJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static string ToJson(EmbeddingLine line) => JsonSerializer.Serialize(line, s_json.EmbeddingLine);

    public static string ToJson(ClassificationLine line) => JsonSerializer.Serialize(line, s_json.ClassificationLine);
}
