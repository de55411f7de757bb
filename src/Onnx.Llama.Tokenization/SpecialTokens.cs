namespace Onnx.Llama.Tokenization;

/// <summary>
/// The tokens that play a part, as tokenizer_config.json (and, where that is silent, special_tokens_map.json) names them.
/// An id is null where the token is not named or the vocabulary does not have it.
/// </summary>
public sealed record SpecialTokens
{
    /// <summary>Stands before a text: <c>bos_token</c>.</summary>
    public string? Bos { get; init; }

    /// <summary>The id of <see cref="Bos"/>.</summary>
    public int? BosId { get; init; }

    /// <summary>Ends a text: <c>eos_token</c>.</summary>
    public string? Eos { get; init; }

    /// <summary>The id of <see cref="Eos"/>.</summary>
    public int? EosId { get; init; }

    /// <summary>Stands for what the vocabulary does not have: <c>unk_token</c>.</summary>
    public string? Unk { get; init; }

    /// <summary>The id of <see cref="Unk"/>.</summary>
    public int? UnkId { get; init; }

    /// <summary>Fills rows of a batch to one length: <c>pad_token</c>.</summary>
    public string? Pad { get; init; }

    /// <summary>The id of <see cref="Pad"/>.</summary>
    public int? PadId { get; init; }
}
