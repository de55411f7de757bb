using System.Collections.Immutable;
using System.Text.Json;

namespace Onnx.Llama.Checkpoints;

/// <summary>
/// config.json of a Hugging Face checkpoint; nothing else reads that file. The old and the new spelling of the same fact meet here: rope_scaling and rope_theta
/// with rope_parameters, torch_dtype with dtype, one end id with a list. A file that says both, and not the same, is refused.
/// </summary>
public sealed class HfConfig : ConfigObject
{
    /// <summary>The name of the file in a checkpoint's folder.</summary>
    public const string FileName = "config.json";

    internal const int LongestFile = 64 << 20;

    private readonly HfConfig? _whole;

    private HfConfig(JsonElement values, string file, string path, QuantizationScheme? quantization, HfConfig? whole = null)
        : base(values, file, path)
    {
        _whole = whole;
        ModelType = OptionalText("model_type") is { Length: > 0 } type
            ? type
            : throw Refuse("model_type", "the name of an architecture, such as \"llama\"", "The folder may not be a checkpoint that transformers can load.");
        Quantization = QuantizationScheme.Of(this) ?? quantization;
    }

    /// <summary>Which architecture the checkpoint is: <c>llama</c>, <c>qwen3</c> …</summary>
    public string ModelType { get; }

    /// <summary>
    /// How the weights are quantised, or null where they are not. Asking for it does not count as reading: who knows the method reads the section.
    /// </summary>
    public QuantizationScheme? Quantization { get; }

    /// <summary>The dtype that the config says the weights have (<c>bfloat16</c>), or null; the tensors themselves decide.</summary>
    /// <exception cref="CheckpointException">dtype and torch_dtype differ.</exception>
    public string? StoredDType
    {
        get
        {
            (string? now, string? old) = (OptionalText("dtype"), OptionalText("torch_dtype"));
            if (now is null || old is null || now == old) return now ?? old;
            throw Refuse("dtype", $"\"{Show.Text(now)}\", but 'torch_dtype' \"{Show.Text(old)}\"", "the same in both", "Remove the one that is wrong.");
        }
    }

    /// <summary>The keys that nobody read, dotted, in the file's order; without those that say nothing (<see cref="MeaninglessKeys"/>).</summary>
    public ImmutableArray<string> UnreadKeys => [.. Unread((_, key) => MeaninglessKeys.Contains(key))];

    /// <summary><see cref="UnreadKeys"/> without those whose value switches nothing on.</summary>
    public ImmutableArray<string> UnreadSettings => [.. Unread((section, key) => MeaninglessKeys.Contains(key) || section.IsOff(key))];

    /// <summary>Reads config.json of a checkpoint's folder.</summary>
    /// <exception cref="CheckpointException">It is not there, not strict JSON, or has no model_type.</exception>
    public static HfConfig Load(string folder)
    {
        string file = Path.Combine(folder, FileName);
        if (!Path.Exists(file)) throw CheckpointFolder.Without(FileName, folder);
        return new HfConfig(JsonFile.Parse(SourceFile.ReadSmall(file, LongestFile), file), file, "", QuantizationScheme.FromModelOpt(folder));
    }

    /// <summary>Reads a config from its text.</summary>
    /// <param name="utf8">The JSON text.</param>
    /// <param name="file">The file's path, for messages.</param>
    /// <exception cref="CheckpointException">It is not strict JSON, or has no model_type.</exception>
    public static HfConfig Parse(ReadOnlyMemory<byte> utf8, string file) => new(JsonFile.Parse(utf8, file), file, "", quantization: null);

    /// <summary>The config of a part of the model, such as <c>text_config</c>; special ids that this one has count before its own.</summary>
    /// <exception cref="CheckpointException">There is no such object, or it has no model_type.</exception>
    public HfConfig Part(string key) =>
        Section(key, (values, path) => new HfConfig(values, File, path, quantization: null, whole: this)) as HfConfig
        ?? throw Refuse(key, "missing", "the config of a part of the model", "");

    /// <summary>The rotary position embedding, the same record from either spelling.</summary>
    /// <param name="maxPositions">The config's context length in tokens: the original context where none is stated.</param>
    /// <param name="defaultTheta">The family's base where the file has none.</param>
    /// <param name="defaultPartialRotaryFactor">The family's rotated share of a head where the file has none.</param>
    /// <param name="layerType">
    /// The kind of layer, <c>full_attention</c> or <c>sliding_attention</c>, for families that rotate them differently: an object of rope_parameters, or
    /// rope_local_base_freq for the sliding ones. Null where one rotation serves all layers.
    /// </param>
    /// <exception cref="CheckpointException">The kind is unknown, a value is missing or wrong, or two places contradict each other.</exception>
    public RopeConfig Rope(int maxPositions, double defaultTheta = 10000, double defaultPartialRotaryFactor = 1, string? layerType = null) =>
        new RopeReader(this, maxPositions, defaultTheta, defaultPartialRotaryFactor).Read(layerType);

    /// <summary>Whether the file gives a kind of layer a rotation of its own; see <see cref="Rope"/>.</summary>
    /// <param name="layerType"><c>full_attention</c> or <c>sliding_attention</c>.</param>
    public bool HasRopeOf(string layerType) => RopeReader.HasRopeOf(this, layerType);

    /// <summary>The ids that end a text: generation_config.json's, else this file's; empty where neither has any.</summary>
    /// <param name="generation">What generation_config.json says, or null where there is none.</param>
    public ImmutableArray<int> EndIds(GenerationDefaults? generation) =>
        generation is { EndIds: { IsEmpty: false } ids } ? ids : SpecialIds("eos_token_id");

    /// <summary>
    /// Special ids, written as one number or as a list: those of the whole model where this is the config of a part, else its own; may be empty.
    /// </summary>
    /// <param name="key"><c>bos_token_id</c> and the like.</param>
    public ImmutableArray<int> SpecialIds(string key) => _whole?.Ids(key) is { IsEmpty: false } ids ? ids : Ids(key);
}
