using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.PostProcessors;

/// <summary>The ids that are put around a text's tokens, and what is done to the tokens' places in the text.</summary>
internal sealed record PostProcessor
{
    /// <summary>Adds nothing.</summary>
    public static readonly PostProcessor None = new();

    /// <summary>Ids before the text's.</summary>
    public int[] Prefix { get; init; } = [];

    /// <summary>Ids behind the text's.</summary>
    public int[] Suffix { get; init; } = [];

    /// <summary>Trims the places of byte-level tokens, where <c>trim_offsets</c> asks for it.</summary>
    public OffsetTrimming? Trimming { get; init; }

    /// <summary>Whether it adds no token.</summary>
    public bool IsSilent => Prefix.Length == 0 && Suffix.Length == 0;

    /// <summary>What two post-processors do, one behind the other.</summary>
    public PostProcessor Then(PostProcessor next) => new()
    {
        Prefix = [.. next.Prefix, .. Prefix],
        Suffix = [.. Suffix, .. next.Suffix],
        Trimming = Trimming ?? next.Trimming,
    };

    public void Apply(TokenSink tokens, Func<int, string?> pieceOf, bool addSpecialTokens)
    {
        if (tokens.WantsRanges) Trimming?.Apply(tokens, pieceOf);
        if (!addSpecialTokens || IsSilent) return;
        if (Prefix.Length > 0) tokens.Prepend(Prefix);
        foreach (int id in Suffix) tokens.Add(id, default);
    }
}
