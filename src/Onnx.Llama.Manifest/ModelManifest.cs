using System.Text.Json.Serialization;

namespace Onnx.Llama.Manifest;

/// <summary>onnx_llama.json: what a converted folder says beyond <see cref="GenAiConfig"/>, which it never contradicts. A folder without it opens too.</summary>
public sealed record ModelManifest
{
    /// <summary>The file's name in a model folder.</summary>
    public const string FileName = "onnx_llama.json";

    /// <summary>The form that this version writes, and the newest that it reads.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>The form of this file.</summary>
    public required int SchemaVersion { get; init; }

    /// <summary>What the graph computes.</summary>
    public required ModelTask Task { get; init; }

    /// <summary>The family as the checkpoint's config.json spells it (<c>model_type</c>); for people, the host never looks at it.</summary>
    public required string ModelType { get; init; }

    /// <summary>The graphs in the folder, each for one provider.</summary>
    public required IReadOnlyList<ModelVariant> Variants { get; init; }

    /// <summary>The cache of each layer, first layer first.</summary>
    public required IReadOnlyList<LayerCache> Layers { get; init; }

    /// <summary>Whether the rotation depends on the sequence's length: such prompts are not cut into chunks, such rows are not batched.</summary>
    public bool LengthDependentRope { get; init; }

    /// <summary>Ids that end a text.</summary>
    public required IReadOnlyList<int> EndIds { get; init; }

    /// <summary>How the model writes a call of a tool, where that is known.</summary>
    public string? ToolCallFormat { get; init; }

    /// <summary>Where the weights came from.</summary>
    public required ModelSource Source { get; init; }

    /// <summary>The conversion's options.</summary>
    public required ConversionRecord Options { get; init; }

    /// <summary>Version of the converter.</summary>
    public required string ToolVersion { get; init; }

    /// <summary>Every other file of the folder, by name.</summary>
    public required IReadOnlyList<FileRecord> Files { get; init; }

    /// <summary>Reads the file of a model folder; null where the folder has none.</summary>
    /// <exception cref="ManifestException">The file is not JSON, lacks a field or is of a newer form.</exception>
    public static ModelManifest? Load(string folder)
    {
        if (!File.Exists(Path.Combine(folder, FileName))) return null;
        ModelManifest manifest = ManifestFile.Read(folder, FileName, ManifestJson.Default.ModelManifest);
        return manifest.SchemaVersion <= CurrentSchemaVersion
            ? manifest
            : throw new ManifestException(
                Path.Combine(folder, FileName),
                $"schema_version is {manifest.SchemaVersion}; this version reads up to {CurrentSchemaVersion}. Update onnx-llama, or convert again.");
    }

    /// <summary>The file's bytes: UTF-8, indented, line feeds, the same for the same record.</summary>
    public byte[] ToUtf8() => ManifestFile.Write(this, ManifestJson.Default.ModelManifest);
}

/// <summary>What a graph computes.</summary>
public enum ModelTask
{
    /// <summary>Logits of the next token.</summary>
    [JsonStringEnumMemberName("text")]
    Text,

    /// <summary>Scores of labels.</summary>
    [JsonStringEnumMemberName("classify")]
    Classify,

    /// <summary>One vector per text.</summary>
    [JsonStringEnumMemberName("embed")]
    Embed,
}

/// <summary>One graph of a folder.</summary>
/// <param name="File">The graph's file.</param>
/// <param name="Provider">cpu, cuda or dml.</param>
/// <param name="Precision">The weights' precision, as <c>--precision</c> spells it.</param>
/// <param name="OnnxRuntime">The least version of ONNX Runtime that runs it.</param>
public sealed record ModelVariant(string File, string Provider, string Precision, string OnnxRuntime);

/// <summary>The cache of one layer.</summary>
/// <param name="Kind">What is kept.</param>
/// <param name="Window">How many of the newest tokens, for <see cref="LayerCacheKind.Window"/>.</param>
public sealed record LayerCache(LayerCacheKind Kind, int? Window = null);

/// <summary>What a layer keeps of the past.</summary>
public enum LayerCacheKind
{
    /// <summary>Keys and values of all tokens.</summary>
    [JsonStringEnumMemberName("full")]
    Full,

    /// <summary>Keys and values of the newest tokens only.</summary>
    [JsonStringEnumMemberName("window")]
    Window,
}

/// <summary>Where the weights came from.</summary>
/// <param name="Files">The checkpoint's files.</param>
/// <param name="Revision">The checkpoint's revision, if its folder tells.</param>
public sealed record ModelSource(IReadOnlyList<SourceFile> Files, string? Revision = null);

/// <summary>A file of the checkpoint. Of weight files only the header is hashed: the whole content would have to be read twice.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Hash of the whole file, for small files.</param>
/// <param name="HeaderSha256">Hash of the header, for weight files.</param>
public sealed record SourceFile(string Name, long Size, string? Sha256 = null, string? HeaderSha256 = null);

/// <summary>The options of a conversion that decide its bytes.</summary>
/// <param name="Precision">As <c>--precision</c> spells it.</param>
public sealed record ConversionRecord(string Precision);

/// <summary>A file of the converted folder.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Hash of its content, lower-case hexadecimal.</param>
public sealed record FileRecord(string Name, long Size, string Sha256);
