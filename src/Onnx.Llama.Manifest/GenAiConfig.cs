using System.Text.Json.Serialization;

namespace Onnx.Llama.Manifest;

/// <summary>genai_config.json, as onnxruntime-genai 0.4 and later read it; only fields that the oldest of these knows are written.</summary>
public sealed record GenAiConfig
{
    /// <summary>The file's name in a model folder.</summary>
    public const string FileName = "genai_config.json";

    /// <summary>The model: its sizes, special ids and graph.</summary>
    public required GenAiModel Model { get; init; }

    /// <summary>Default generation settings.</summary>
    public GenAiSearch Search { get; init; } = new();

    /// <summary>Reads the file of a model folder.</summary>
    /// <exception cref="ManifestException">The file is missing, is not JSON or lacks a field.</exception>
    public static GenAiConfig Load(string folder) => ManifestFile.Read(folder, FileName, ManifestJson.Default.GenAiConfig);

    /// <summary>The file's bytes: UTF-8, indented, line feeds, the same for the same record.</summary>
    public byte[] ToUtf8() => ManifestFile.Write(this, ManifestJson.Default.GenAiConfig);
}

/// <summary>The <c>model</c> part of <see cref="GenAiConfig"/>.</summary>
public sealed record GenAiModel
{
    /// <summary>onnxruntime-genai's word for the architecture; "decoder" where it has none of its own.</summary>
    public required string Type { get; init; }

    /// <summary>The id put before a text, if there is one.</summary>
    public int? BosTokenId { get; init; }

    /// <summary>Ids that end a text; written as one number or as a list.</summary>
    [JsonConverter(typeof(IdListConverter))]
    public IReadOnlyList<int> EosTokenId { get; init; } = [];

    /// <summary>The id that pads a batch; onnxruntime-genai needs one, so an end id stands in.</summary>
    public int? PadTokenId { get; init; }

    /// <summary>The greatest number of tokens, prompt and answer together.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Rows of the embedding, columns of the logits.</summary>
    public required int VocabSize { get; init; }

    /// <summary>The graph that runs.</summary>
    public required GenAiDecoder Decoder { get; init; }
}

/// <summary>The <c>model.decoder</c> part of <see cref="GenAiConfig"/>.</summary>
public sealed record GenAiDecoder
{
    /// <summary>The graph's file in the folder.</summary>
    public required string Filename { get; init; }

    /// <summary>Width of one head in the cache (padded where the operator asks for it).</summary>
    public required int HeadSize { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Query heads.</summary>
    public required int NumAttentionHeads { get; init; }

    /// <summary>Layers, each with a cache of keys and values.</summary>
    public required int NumHiddenLayers { get; init; }

    /// <summary>Key and value heads.</summary>
    public required int NumKeyValueHeads { get; init; }

    /// <summary>Names of the graph's inputs.</summary>
    public required GenAiInputs Inputs { get; init; }

    /// <summary>Names of the graph's outputs.</summary>
    public required GenAiOutputs Outputs { get; init; }

    /// <summary>Settings of the ONNX Runtime session.</summary>
    public GenAiSessionOptions SessionOptions { get; init; } = new();
}

/// <summary>Names of a decoder graph's inputs; <c>%d</c> stands for the layer.</summary>
public sealed record GenAiInputs
{
    /// <summary>int64 [rows, new tokens].</summary>
    public string InputIds { get; init; } = "input_ids";

    /// <summary>int64 [rows, tokens so far]: 1 for a token, 0 for padding.</summary>
    public string AttentionMask { get; init; } = "attention_mask";

    /// <summary>int64 [rows, new tokens], where the graph takes positions.</summary>
    public string? PositionIds { get; init; }

    /// <summary>[rows, kvHeads, tokens, headDim] of each layer.</summary>
    public string PastKeyNames { get; init; } = "past_key_values.%d.key";

    /// <summary>[rows, kvHeads, tokens, headDim] of each layer.</summary>
    public string PastValueNames { get; init; } = "past_key_values.%d.value";
}

/// <summary>Names of a decoder graph's outputs; <c>%d</c> stands for the layer.</summary>
public sealed record GenAiOutputs
{
    /// <summary>float [rows, positions, vocabulary].</summary>
    public string Logits { get; init; } = "logits";

    /// <summary>[rows, kvHeads, tokens, headDim] of each layer.</summary>
    public string PresentKeyNames { get; init; } = "present.%d.key";

    /// <summary>[rows, kvHeads, tokens, headDim] of each layer.</summary>
    public string PresentValueNames { get; init; } = "present.%d.value";
}

/// <summary>The <c>session_options</c> part: providers in the form that onnxruntime-genai wants; none means the CPU.</summary>
public sealed record GenAiSessionOptions
{
    /// <summary>The name under which ONNX Runtime logs.</summary>
    public string LogId { get; init; } = "onnxruntime-genai";

    /// <summary>The least severity that is logged (0 verbose, 1 info, 2 warning, 3 error, 4 fatal); null for ONNX Runtime's default, warnings.</summary>
    public int? LogSeverityLevel { get; init; }

    /// <summary>One object per provider, its name the only key.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> ProviderOptions { get; init; } = [];
}

/// <summary>The <c>search</c> part: default generation settings.</summary>
public sealed record GenAiSearch
{
    /// <summary>Whether to draw from the distribution; otherwise the most likely token is taken.</summary>
    public bool DoSample { get; init; }

    /// <summary>Prompt and answer together, in tokens; onnxruntime-genai allocates its whole cache by it.</summary>
    public int MaxLength { get; init; }

    /// <summary>Whether past and present keys and values share one buffer.</summary>
    public bool PastPresentShareBuffer { get; init; } = true;

    /// <summary>Divides the logits before the softmax.</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>How many of the likeliest tokens stay.</summary>
    public int TopK { get; init; } = 50;

    /// <summary>The probability mass that stays.</summary>
    public float TopP { get; init; } = 1;
}
