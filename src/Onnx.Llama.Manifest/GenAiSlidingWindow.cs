namespace Onnx.Llama.Manifest;

/// <summary>
/// The <c>sliding_window</c> part of <see cref="GenAiDecoder"/>: layers whose operator keeps the newest keys and values only
/// (GroupQueryAttention with <c>sliding_window_cache</c> 1), so that their cache is of the window's size, not of the text's.
/// </summary>
/// <param name="WindowSize">Tokens that a query sees, its own included.</param>
/// <param name="Layers">The layers' numbers, from 0; null means every layer.</param>
/// <param name="SlideKeyValueCache">Whether onnxruntime-genai moves keys and values itself; false where the operator does.</param>
/// <param name="SlideInputs">Whether onnxruntime-genai cuts prompts into pieces of the window's size.</param>
/// <param name="CacheSlack">Tokens of room in the cache beyond the window.</param>
public sealed record GenAiSlidingWindow(
    int WindowSize, IReadOnlyList<int>? Layers = null, bool SlideKeyValueCache = false, bool SlideInputs = false, int CacheSlack = 0);
