using System.Globalization;

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

    /// <summary>Sizes, for people; null in folders of earlier versions.</summary>
    public ModelFacts? Facts { get; init; }

    /// <summary>The head of a classifier or embedder; null for <see cref="ModelTask.Text"/>.</summary>
    public HeadDescription? Head { get; init; }

    /// <summary>The graphs in the folder, each for one provider.</summary>
    public required IReadOnlyList<ModelVariant> Variants { get; init; }

    /// <summary>The cache of each layer, first layer first.</summary>
    public required IReadOnlyList<LayerCache> Layers { get; init; }

    /// <summary>Whether the rotation depends on the sequence's length: such prompts are not cut into chunks, such rows are not batched.</summary>
    public bool LengthDependentRope { get; init; }

    /// <summary>
    /// The length up to which one table of rotations holds, the original context of <c>longrope</c>: a sequence that outgrows it is run again from its ids.
    /// Null where cached keys keep the rotation that they had.
    /// </summary>
    public int? RopeSwitchAt { get; init; }

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
    /// <exception cref="ManifestException">The file is not JSON, lacks a field, lists no graph, or is of a newer form.</exception>
    public static ModelManifest? Load(string folder)
    {
        string file = Path.Combine(folder, FileName);
        if (!File.Exists(file)) return null;
        byte[] bytes = ManifestFile.ReadBytes(file);
        RefuseOtherSchema(file, ManifestFile.Parse(file, bytes, ManifestJson.Default.ModelSchema).SchemaVersion);
        ModelManifest manifest = ManifestFile.Parse(file, bytes, ManifestJson.Default.ModelManifest);
        manifest.RefuseGaps(file);
        return manifest;
    }

    /// <summary>The file's bytes: UTF-8, indented, line feeds, the same for the same record.</summary>
    public byte[] ToUtf8() => ManifestFile.Write(this, ManifestJson.Default.ModelManifest);

    private static void RefuseOtherSchema(string file, int version)
    {
        if (version is >= 1 and <= CurrentSchemaVersion) return;
        throw new ManifestException(
            file,
            string.Create(CultureInfo.InvariantCulture, $"schema_version is {version}; this version reads 1 to {CurrentSchemaVersion}. Update onnx-llama, or convert the checkpoint again."));
    }

    private void RefuseGaps(string file)
    {
        if (Variants.Count == 0) throw new ManifestException(file, "variants is empty; expected at least one graph. Convert the checkpoint again.");
        ManifestFile.RefuseNull(file, "variants", Variants);
        ManifestFile.RefuseNull(file, "layers", Layers);
        ManifestFile.RefuseNull(file, "source.files", Source.Files);
        ManifestFile.RefuseNull(file, "files", Files);
    }
}
