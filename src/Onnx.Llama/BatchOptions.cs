namespace Onnx.Llama;

/// <summary>How texts are put through an <see cref="Embedder"/> or a <see cref="Classifier"/>. No result depends on it but that of a text cut off.</summary>
public record BatchOptions
{
    /// <summary>
    /// The most texts of one run; default 32. Texts of about the same length run together, long ones in smaller batches: the memory of a run grows with its
    /// tokens, fillings included.
    /// </summary>
    public int BatchSize
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(BatchSize), value, "expected at least 1");
    } = 32;

    /// <summary>
    /// Whether a text longer than the model's context is cut off at its end, with the tokens that end every text kept; by default it is refused.
    /// </summary>
    public bool Truncate { get; init; }
}
