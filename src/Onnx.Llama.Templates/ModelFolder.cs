using System.Text;
using System.Text.Json;

namespace Onnx.Llama.Templates;

/// <summary>The files of a model folder that concern chat templates.</summary>
internal sealed class ModelFolder(string folder)
{
    private const string TokenizerConfig = "tokenizer_config.json";
    private const string SpecialTokensMap = "special_tokens_map.json";
    private const string TemplateFile = "chat_template.jinja";
    private const string AdditionalFolder = "additional_chat_templates";
    private const string TemplateKey = "chat_template";

    /// <summary>No template or tokenizer_config.json is nearly as large as this.</summary>
    private const long MaxFileLength = 64 << 20;

    /// <summary>The templates by name; files win over the key of tokenizer_config.json, as a whole.</summary>
    public Dictionary<string, ChatTemplate> ReadTemplates()
    {
        Dictionary<string, ChatTemplate> templates = new(StringComparer.Ordinal);
        string main = Path.Combine(folder, TemplateFile);
        if (File.Exists(main)) templates["default"] = ReadTemplate(main);
        string additional = Path.Combine(folder, AdditionalFolder);
        if (Directory.Exists(additional))
        {
            foreach (string file in Directory.EnumerateFiles(additional, "*.jinja").Order(StringComparer.Ordinal))
            {
                templates[Path.GetFileNameWithoutExtension(file)] = ReadTemplate(file);
            }
        }

        if (templates.Count == 0) AddConfigured(templates);
        return templates;
    }

    /// <summary>The tokens of tokenizer_config.json; those that it leaves out, of special_tokens_map.json.</summary>
    public SpecialTokens ReadSpecialTokens()
    {
        using JsonDocument? config = ReadJson(TokenizerConfig), map = ReadJson(SpecialTokensMap);
        return new()
        {
            Bos = Token("bos_token"),
            Eos = Token("eos_token"),
            Unk = Token("unk_token"),
            Sep = Token("sep_token"),
            Pad = Token("pad_token"),
            Cls = Token("cls_token"),
            Mask = Token("mask_token"),
            Additional = Tokens("additional_special_tokens"),
        };

        string? Token(string key) => TokenOf(TokenizerConfig, config, key) ?? TokenOf(SpecialTokensMap, map, key);

        IReadOnlyList<string> Tokens(string key) => TokensOf(TokenizerConfig, config, key) ?? TokensOf(SpecialTokensMap, map, key) ?? [];
    }

    private static ChatTemplate ReadTemplate(string path) => ChatTemplate.Parse(ReadText(path), path);

    private void AddConfigured(Dictionary<string, ChatTemplate> templates)
    {
        using JsonDocument? config = ReadJson(TokenizerConfig);
        string path = Path.Combine(folder, TokenizerConfig);
        if (config is null || Find(path, config.RootElement, TemplateKey) is not { ValueKind: not JsonValueKind.Null } value) return;
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                templates["default"] = ChatTemplate.Parse(TextOf(path, value, TemplateKey), $"{path}: {TemplateKey}");
                break;
            case JsonValueKind.Array:
                foreach (JsonElement entry in value.EnumerateArray()) AddNamed(templates, path, entry);
                break;
            default:
                throw Error(path, $"'{TemplateKey}' is {value.ValueKind}; expected a text, or a list of objects with 'name' and 'template'");
        }
    }

    private static void AddNamed(Dictionary<string, ChatTemplate> templates, string path, JsonElement entry)
    {
        bool isObject = entry.ValueKind == JsonValueKind.Object;
        if (!isObject || Find(path, entry, "name") is not { } name || Find(path, entry, "template") is not { } template)
        {
            throw Error(path, $"an entry of '{TemplateKey}' is {entry.ValueKind}; expected an object with 'name' and 'template'");
        }

        string key = TextOf(path, name, "name");
        templates[key] = ChatTemplate.Parse(TextOf(path, template, "template"), $"{path}: {TemplateKey} '{key}'");
    }

    private string? TokenOf(string file, JsonDocument? document, string key)
    {
        string path = Path.Combine(folder, file);
        if (document is null || Find(path, document.RootElement, key) is not { ValueKind: not JsonValueKind.Null } value) return null;
        return ContentOf(path, value, key);
    }

    private List<string>? TokensOf(string file, JsonDocument? document, string key)
    {
        string path = Path.Combine(folder, file);
        if (document is null || Find(path, document.RootElement, key) is not { ValueKind: not JsonValueKind.Null } value) return null;
        if (value.ValueKind != JsonValueKind.Array) throw Error(path, $"'{key}' is {value.ValueKind}; expected a list of tokens");
        return [.. value.EnumerateArray().Select(token => ContentOf(path, token, key))];
    }

    /// <summary>A token is a text, or an object with the text under <c>content</c>.</summary>
    private static string ContentOf(string path, JsonElement value, string key)
    {
        if (value.ValueKind == JsonValueKind.Object && Find(path, value, "content") is { } content) value = content;
        return TextOf(path, value, key);
    }

    /// <summary>The value of a key, or null. Looking for it decodes the names around it, which may be no Unicode.</summary>
    private static JsonElement? Find(string path, JsonElement element, string key)
    {
        try
        {
            return element.TryGetProperty(key, out JsonElement value) ? value : null;
        }
        catch (InvalidOperationException exception)
        {
            throw Error(path, $"a name beside '{key}' is not valid Unicode: {exception.Message}");
        }
    }

    private static string TextOf(string path, JsonElement value, string key)
    {
        if (value.ValueKind != JsonValueKind.String) throw Error(path, $"'{key}' is {value.ValueKind}; expected a text");
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw Error(path, $"'{key}' is not valid Unicode: {exception.Message}");
        }
    }

    private JsonDocument? ReadJson(string file)
    {
        string path = Path.Combine(folder, file);
        if (!File.Exists(path)) return null;
        try
        {
            JsonDocument document = JsonDocument.Parse(ReadText(path));
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            throw Error(path, $"the file holds {document.RootElement.ValueKind}; expected an object");
        }
        catch (JsonException exception)
        {
            throw new TemplateException(path, 0, 0, $"the file is not JSON: {exception.Message}", exception);
        }
    }

    private static string ReadText(string path)
    {
        long length = new FileInfo(path).Length;
        if (length > MaxFileLength) throw Error(path, $"the file has {length} bytes; at most {MaxFileLength} are read");
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException exception)
        {
            throw new TemplateException(path, 0, 0, $"the file is not UTF-8: {exception.Message}", exception);
        }
    }

    private static TemplateException Error(string path, string reason) => new(path, 0, 0, reason);
}
