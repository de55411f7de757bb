namespace Onnx.Llama.Manifest;

/// <summary>genai_config.json, as onnxruntime-genai 0.4 and later read it; only fields that the oldest of these knows are written.</summary>
public sealed record GenAiConfig
{
    /// <summary>The file's name in a model folder.</summary>
    public const string FileName = "genai_config.json";

    /// <summary>The model: its sizes, special ids and graph.</summary>
    public required GenAiModel Model { get; init; }

    /// <summary>Default generation settings.</summary>
    public GenAiSearch Search { get => field ?? new GenAiSearch(); init; }

    /// <summary>Reads the file of a model folder.</summary>
    /// <exception cref="ManifestException">The file is missing, is not JSON, or lacks a field.</exception>
    public static GenAiConfig Load(string folder)
    {
        string file = Path.Combine(folder, FileName);
        GenAiConfig config = ManifestFile.Parse(file, ManifestFile.ReadBytes(file), ManifestJson.Default.GenAiConfig);
        ManifestFile.RefuseNull(file, "model.decoder.session_options.provider_options", config.Model.Decoder.SessionOptions.ProviderOptions);
        return config;
    }

    /// <summary>The file's bytes: UTF-8, indented, line feeds, the same for the same record.</summary>
    public byte[] ToUtf8() => ManifestFile.Write(this, ManifestJson.Default.GenAiConfig);
}
