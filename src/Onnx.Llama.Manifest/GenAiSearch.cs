namespace Onnx.Llama.Manifest;

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
