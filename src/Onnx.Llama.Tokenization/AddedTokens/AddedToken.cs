namespace Onnx.Llama.Tokenization.AddedTokens;

/// <summary>A token that is cut out of the text before the model sees it.</summary>
/// <param name="Content">The text it stands for.</param>
internal sealed record AddedToken(string Content)
{
    /// <summary>Whether decoding may leave it out.</summary>
    public bool Special { get; init; }

    /// <summary>Whether it is looked for in the normalised text, and not in the text as it came.</summary>
    public bool Normalized { get; init; }

    /// <summary>Whether it counts only where no word character stands beside it.</summary>
    public bool SingleWord { get; init; }

    /// <summary>Whether it takes the white space before it along.</summary>
    public bool StripLeft { get; init; }

    /// <summary>Whether it takes the white space behind it along.</summary>
    public bool StripRight { get; init; }
}
