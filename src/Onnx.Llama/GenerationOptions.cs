using Onnx.Llama.Sampling;

namespace Onnx.Llama;

/// <summary>How a text is continued.</summary>
public sealed record GenerationOptions
{
    /// <summary>
    /// The most tokens to generate. Null goes on until the model ends or its context is full; the cache then grows by doubling instead of being sized at once.
    /// </summary>
    public int? MaxTokens
    {
        get;
        init => field = value is null or > 0
            ? value : throw new ArgumentOutOfRangeException(nameof(MaxTokens), value, "expected at least 1, or null for no limit");
    }

    /// <summary>How the next token is chosen; null as the model's folder says.</summary>
    public SamplingOptions? Sampling { get; init; }

    /// <summary>Texts that end the generation; they are not part of what is returned. Compared by characters, whatever tokens they fall into.</summary>
    public IReadOnlyList<string> Stop
    {
        get;
        init => field = value.All(text => text.Length > 0)
            ? value : throw new ArgumentException("a stop string is empty; expected at least one character", nameof(Stop));
    } = [];

    /// <summary>Tokens that end the generation; null for the model's own, empty for none.</summary>
    public IReadOnlyList<int>? EndIds { get; init; }
}
