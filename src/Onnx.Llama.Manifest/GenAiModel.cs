using System.Text.Json.Serialization;

namespace Onnx.Llama.Manifest;

/// <summary>The <c>model</c> part of <see cref="GenAiConfig"/>.</summary>
public sealed record GenAiModel
{
    /// <summary>onnxruntime-genai's word for the architecture; "decoder" where it has none of its own.</summary>
    public required string Type { get; init; }

    /// <summary>The id put before a text, if there is one.</summary>
    public int? BosTokenId { get; init; }

    /// <summary>Ids that end a text; written as one number or as a list.</summary>
    [JsonConverter(typeof(IdListConverter))]
    public IReadOnlyList<int> EosTokenId { get => field ?? []; init; }

    /// <summary>The id that pads a batch; onnxruntime-genai needs one, so an end id stands in.</summary>
    public int? PadTokenId { get; init; }

    /// <summary>The greatest number of tokens, prompt and answer together.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Rows of the embedding, columns of the logits.</summary>
    public required int VocabSize { get; init; }

    /// <summary>The graph that runs.</summary>
    public required GenAiDecoder Decoder { get; init; }
}
