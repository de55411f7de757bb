using System.Text.Json;
using Onnx.Llama.Templates;

namespace Onnx.Llama.Chat;

/// <summary>A model folder's chat template: chat_template.jinja, else chat_template in tokenizer_config.json, a text or a list of named ones.</summary>
internal static class ChatTemplateFile
{
    private const string FileName = "chat_template.jinja";
    private const string ConfigName = "tokenizer_config.json";
    private const int GreatestLength = 16 << 20;

    /// <summary>Reads it; null where the folder has none.</summary>
    /// <exception cref="ModelException">A file cannot be read.</exception>
    /// <exception cref="TemplateException">The text is not a template.</exception>
    public static ChatTemplate? Load(string folder)
    {
        string file = Path.Combine(folder, FileName);
        if (Read(file) is { } source) return ChatTemplate.Parse(source, file);
        string config = Path.Combine(folder, ConfigName);
        return Read(config) is { } json && FromConfig(json, config) is { } inside ? ChatTemplate.Parse(inside, config) : null;
    }

    private static string? Read(string file)
    {
        try
        {
            if (!File.Exists(file)) return null;
            long length = new FileInfo(file).Length;
            return length <= GreatestLength ? File.ReadAllText(file) : throw new ModelException(file, $"is {length} bytes", $"at most {GreatestLength}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ModelException(file, $"cannot be read ({fault.Message})", "a text file", inner: fault);
        }
    }

    private static string? FromConfig(string json, string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("chat_template", out JsonElement value)) return null;
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Array => Named(value, "default"),
                _ => null,
            };
        }
        catch (JsonException fault)
        {
            throw new ModelException(file, $"cannot be read ({fault.Message})", "a JSON object", inner: fault);
        }
    }

    private static string? Named(JsonElement templates, string name) => templates.EnumerateArray()
        .Where(template => Text(template, "name") == name)
        .Select(template => Text(template, "template"))
        .FirstOrDefault();

    private static string? Text(JsonElement element, string key) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
