using System.Text.Json;
using System.Text.Json.Serialization;

namespace Onnx.Llama.Heads;

/// <summary>What stands before a text, as sentence-transformers keeps it in config_sentence_transformers.json.</summary>
internal sealed record SentencePrompts
{
    /// <summary>The file's name in a model folder.</summary>
    public const string FileName = "config_sentence_transformers.json";

    private const int GreatestLength = 1 << 20;

    private static readonly SentencePrompts s_none = new();

    /// <summary>The prompts, by name.</summary>
    [JsonPropertyName("prompts")]
    public IReadOnlyDictionary<string, string> Prompts { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>The one that is used where none is asked for.</summary>
    [JsonPropertyName("default_prompt_name")]
    public string? DefaultPromptName { get; init; }

    /// <summary>Reads a folder's; none where it has no such file.</summary>
    /// <exception cref="ModelException">The file cannot be read, or its default is none of its prompts.</exception>
    public static SentencePrompts Load(string folder)
    {
        string file = Path.Combine(folder, FileName);
        if (!File.Exists(file)) return s_none;
        SentencePrompts prompts = Read(file);
        if (prompts.DefaultPromptName is not { } name || prompts.Prompts.ContainsKey(name)) return prompts;
        throw new ModelException(file, $"default_prompt_name is '{name}'", $"one of its prompts ({prompts.Names})", "Correct the file.");
    }

    /// <summary>The prompt of a name; that of the default where the name is null, and none where it is empty.</summary>
    /// <exception cref="ModelException">There is no such prompt.</exception>
    public string Of(string? name)
    {
        if ((name ?? DefaultPromptName) is not { Length: > 0 } wanted) return "";
        return Prompts.TryGetValue(wanted, out string? prompt)
            ? prompt
            : throw new ModelException("prompt", $"'{wanted}' is not known", Prompts.Count == 0 ? "none: the model's folder has no prompts" : $"one of {Names}");
    }

    private string Names => string.Join(", ", Prompts.Keys.Order(StringComparer.Ordinal));

    private static SentencePrompts Read(string file)
    {
        try
        {
            long length = new FileInfo(file).Length;
            if (length > GreatestLength) throw new ModelException(file, $"is {length} bytes", $"at most {GreatestLength}");
            SentencePrompts read = JsonSerializer.Deserialize(File.ReadAllBytes(file), SentencePromptsJson.Default.SentencePrompts) ?? s_none;
            if (read.Prompts.FirstOrDefault(prompt => prompt.Value is null).Key is { } name) throw new ModelException(file, $"the prompt '{name}' is null", "a text");
            return read;
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ModelException(file, $"cannot be read ({fault.Message})", "{\"prompts\": {\"NAME\": \"text\"}}", "Correct the file, or remove it.", fault);
        }
    }
}
