namespace Onnx.Llama.Manifest;

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
