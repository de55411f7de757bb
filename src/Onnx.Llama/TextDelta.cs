namespace Onnx.Llama;

/// <summary>One generated token, and the text that became certain with it.</summary>
/// <param name="Text">
/// Whole characters, ready to print. Empty where the token ends in the middle of a character, might begin a stop string or ends the text, and where the
/// model has no tokenizer.
/// </param>
/// <param name="TokenId">The token; an end token is reported too, with the last delta.</param>
/// <param name="FinishReason">Set in the last delta, and only there.</param>
/// <param name="Usage">Counts up to and including this token.</param>
public readonly record struct TextDelta(string Text, int TokenId, FinishReason? FinishReason, TokenUsage Usage);

/// <summary>Counts of tokens of one generation.</summary>
/// <param name="PromptTokens">The whole prompt.</param>
/// <param name="CachedTokens">How many of the prompt's tokens were already in the cache.</param>
/// <param name="GeneratedTokens">Tokens generated, an end token included.</param>
public readonly record struct TokenUsage(int PromptTokens, int CachedTokens, int GeneratedTokens);
