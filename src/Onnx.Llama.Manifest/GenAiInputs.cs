namespace Onnx.Llama.Manifest;

/// <summary>Names of a decoder graph's inputs; <c>%d</c> stands for the layer.</summary>
/// <param name="InputIds">int64 [rows, new tokens].</param>
/// <param name="AttentionMask">int64 [rows, tokens so far]: 1 for a token, 0 for padding.</param>
/// <param name="PositionIds">int64 [rows, new tokens], where the graph takes positions.</param>
/// <param name="PastKeyNames">[rows, kvHeads, tokens, headDim] of each layer.</param>
/// <param name="PastValueNames">[rows, kvHeads, tokens, headDim] of each layer.</param>
public sealed record GenAiInputs(
    string InputIds = "input_ids",
    string AttentionMask = "attention_mask",
    string? PositionIds = null,
    string PastKeyNames = "past_key_values.%d.key",
    string PastValueNames = "past_key_values.%d.value");
