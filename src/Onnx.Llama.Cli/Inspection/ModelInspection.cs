using System.Text.Json.Serialization;
using Onnx.Llama.Manifest;

namespace Onnx.Llama.Cli.Inspection;

/// <summary>What <c>inspect</c> tells of a model folder or a checkpoint.</summary>
internal sealed record ModelInspection
{
    /// <summary>The folder.</summary>
    public required string Path { get; init; }

    /// <summary>Whether it is a checkpoint, not converted yet.</summary>
    public required bool IsCheckpoint { get; init; }

    /// <summary>The family as config.json spells it; null where the folder does not say.</summary>
    public string? Family { get; init; }

    /// <summary>text, classify or embed.</summary>
    public required string Task { get; init; }

    /// <summary>Sizes and rotation; null where the folder does not say.</summary>
    public ModelFacts? Facts { get; init; }

    /// <summary>What is stored how, by part of the model.</summary>
    public required IReadOnlyList<StoredPart> Parts { get; init; }

    /// <summary>Caches of keys and values.</summary>
    public required CacheSizes Cache { get; init; }

    /// <summary>The model of the tokenizer, such as BPE, and its size; null where there is none.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>Names of the chat templates.</summary>
    public required IReadOnlyList<string> ChatTemplates { get; init; }

    /// <summary>The graphs; of a checkpoint the one that <c>convert</c> would make.</summary>
    public required IReadOnlyList<GraphInspection> Graphs { get; init; }

    /// <summary>What the kernels take over on this machine's processor; null where they take nothing, and for a checkpoint.</summary>
    public KernelInspection? Kernels { get; init; }

    /// <summary>Why they take nothing over; null where they do, and for a checkpoint.</summary>
    public string? WithoutKernels { get; init; }

    /// <summary>Where it would run here, and why not elsewhere; empty for a checkpoint.</summary>
    public IReadOnlyList<ProviderInspection> Providers { get; init; } = [];

    /// <summary>The files that it was made of.</summary>
    public IReadOnlyList<SourceFile> Sources { get; init; } = [];

    /// <summary>The converter's version and precision; null where the folder does not say.</summary>
    public string? MadeBy { get; init; }
}

/// <summary>A part of the model in one form.</summary>
/// <param name="Part">embedding, attention, feed-forward, experts, norms and biases, tables, head or other.</param>
/// <param name="Form">float32, bfloat16, int4 …</param>
/// <param name="Tensors">How many tensors.</param>
/// <param name="Bytes">Their bytes.</param>
internal sealed record StoredPart(string Part, string Form, int Tensors, long Bytes);

/// <summary>Bytes of keys and values.</summary>
/// <param name="BytesPerToken">Of one token in all layers.</param>
/// <param name="Layers">By kind of layer.</param>
internal sealed record CacheSizes(long BytesPerToken, IReadOnlyList<LayerCacheSize> Layers);

/// <summary>The caches of one kind of layer.</summary>
/// <param name="Kind">full or window.</param>
/// <param name="Count">How many layers.</param>
/// <param name="Window">Tokens that are kept at most; null for all.</param>
/// <param name="BytesPerToken">Of one token in these layers.</param>
internal sealed record LayerCacheSize(string Kind, int Count, int? Window, long BytesPerToken);

/// <summary>A graph.</summary>
/// <param name="File">Its file.</param>
/// <param name="Target">What it was made for.</param>
/// <param name="Precision">How weights are stored; null where the folder does not say.</param>
/// <param name="LeastOnnxRuntime">The least version of ONNX Runtime that runs it; null where the folder does not say.</param>
/// <param name="Inputs">Names, types and shapes, those of the layers' caches once for each kind.</param>
/// <param name="Outputs">Names, types and shapes, those of the layers' caches once for each kind.</param>
/// <param name="Operators">How many nodes of each operator.</param>
internal sealed record GraphInspection(
    string File, string Target, string? Precision, string? LeastOnnxRuntime, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs,
    IReadOnlyDictionary<string, int> Operators);

/// <summary>A provider.</summary>
/// <param name="Provider">cuda, dml or cpu.</param>
/// <param name="Taken">Whether the model would run on it.</param>
/// <param name="Reason">Why, or why not.</param>
internal sealed record ProviderInspection(string Provider, bool Taken, string Reason);

/// <summary>The inspection's JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(ModelInspection))]
internal sealed partial class ModelInspectionJson : JsonSerializerContext;
