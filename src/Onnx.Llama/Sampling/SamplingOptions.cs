namespace Onnx.Llama.Sampling;

/// <summary>How the next token is chosen from the logits: temperature, then top-k, then top-p, then min-p, then one draw from what is left.</summary>
public sealed record SamplingOptions
{
    /// <summary>The most likely token, always; of equals, the lowest id.</summary>
    public static SamplingOptions Greedy { get; } = new() { Temperature = 0 };

    /// <summary>Divides the logits; 0 takes the most likely token. Default 1.</summary>
    public float Temperature
    {
        get;
        init => field = value >= 0 && float.IsFinite(value)
            ? value : throw new ArgumentOutOfRangeException(nameof(Temperature), value, "expected a finite number, 0 (greedy) or more");
    } = 1;

    /// <summary>How many of the likeliest tokens stay; of equals, the lower ids. 0, the default, for all.</summary>
    public int TopK
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(TopK), value, "expected 0 (all) or more");
    }

    /// <summary>Keeps the fewest likeliest tokens whose probabilities reach this sum (nucleus sampling, arXiv:1904.09751). 1, the default, keeps all.</summary>
    public float TopP
    {
        get;
        init => field = value is > 0 and <= 1
            ? value : throw new ArgumentOutOfRangeException(nameof(TopP), value, "expected more than 0, and at most 1 (all)");
    } = 1;

    /// <summary>Keeps tokens at least this share as likely as the likeliest (arXiv:2407.01082). 0, the default, keeps all.</summary>
    public float MinP
    {
        get;
        init => field = value is >= 0 and <= 1
            ? value : throw new ArgumentOutOfRangeException(nameof(MinP), value, "expected 0 (all) to 1");
    }

    /// <summary>The same seed, prompt and options give the same text; null takes another seed each time.</summary>
    public long? Seed { get; init; }
}
