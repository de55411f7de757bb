namespace Onnx.Llama.Tokenization.Models;

/// <summary>What tokenizer.json says of a BPE model besides its vocabulary and merges.</summary>
internal sealed record BpeOptions
{
    /// <summary>The piece for characters that the vocabulary does not have; null drops them.</summary>
    public string? UnknownPiece { get; init; }

    /// <summary>Whether neighbouring unknown characters become one token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Whether an unknown character becomes the tokens <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c> of its UTF-8 bytes.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Whether a word that is a piece is that piece, even where merges do not lead to it.</summary>
    public bool IgnoreMerges { get; init; }
}
