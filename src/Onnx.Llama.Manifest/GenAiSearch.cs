namespace Onnx.Llama.Manifest;

/// <summary>The <c>search</c> part: default generation settings.</summary>
/// <param name="DoSample">Whether to draw from the distribution; otherwise the most likely token is taken.</param>
/// <param name="MaxLength">Prompt and answer together, in tokens; onnxruntime-genai allocates its whole cache by it.</param>
/// <param name="PastPresentShareBuffer">Whether past and present keys and values share one buffer.</param>
/// <param name="Temperature">Divides the logits before the softmax.</param>
/// <param name="TopK">How many of the likeliest tokens stay.</param>
/// <param name="TopP">The probability mass that stays.</param>
public sealed record GenAiSearch(
    bool DoSample = false, int MaxLength = 0, bool PastPresentShareBuffer = true, float Temperature = 1, int TopK = 50, float TopP = 1);
