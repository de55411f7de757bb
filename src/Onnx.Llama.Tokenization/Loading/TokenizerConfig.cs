using Onnx.Llama.Tokenization.AddedTokens;
using Onnx.Llama.Tokenization.PostProcessors;

namespace Onnx.Llama.Tokenization.Loading;

/// <summary>
/// What tokenizer_config.json, and in older folders special_tokens_map.json and added_tokens.json, say of a tokenizer, as transformers reads them
/// (<c>PreTrainedTokenizerBase._from_pretrained</c>).
/// </summary>
internal sealed record TokenizerConfig
{
    public string? Class { get; init; }

    public string? Bos { get; init; }

    public string? Eos { get; init; }

    public string? Unk { get; init; }

    public string? Pad { get; init; }

    /// <summary><c>add_bos_token</c>; null where it is absent.</summary>
    public bool? AddBos { get; init; }

    /// <summary><c>add_eos_token</c>; null where it is absent.</summary>
    public bool? AddEos { get; init; }

    /// <summary><c>legacy</c> of SentencePiece models.</summary>
    public bool? Legacy { get; init; }

    /// <summary><c>add_prefix_space</c>; null where it is absent.</summary>
    public bool? AddPrefixSpace { get; init; }

    /// <summary>Tokens to add behind those of tokenizer.json, in the order of their ids.</summary>
    public IReadOnlyList<AddedToken> AddedTokens { get; init; } = [];

    /// <summary>Further tokens that are special: <c>additional_special_tokens</c>, <c>extra_special_tokens</c>.</summary>
    public IReadOnlyList<string> MoreSpecialTokens { get; init; } = [];

    private bool IsLlamaClass => Class is "LlamaTokenizer" or "LlamaTokenizerFast" or "CodeLlamaTokenizer" or "CodeLlamaTokenizerFast"
        or "GemmaTokenizer" or "GemmaTokenizerFast";

    private IEnumerable<string> AllSpecialTokens => new[] { Bos, Eos, Unk, Pad }.OfType<string>().Concat(MoreSpecialTokens);

    /// <summary>Adds the tokens named here: listed ones with their flags, special ones that nothing else has added.</summary>
    public void AddTokens(AddedVocabulary vocabulary)
    {
        var special = AllSpecialTokens.ToHashSet(StringComparer.Ordinal);
        foreach (AddedToken token in AddedTokens) vocabulary.Add(token with { Special = token.Special || special.Contains(token.Content) });
        foreach (string content in AllSpecialTokens)
        {
            if (!vocabulary.Contains(content)) vocabulary.Add(new AddedToken(content) { Special = true });
        }
    }

    public SpecialTokens Resolve(AddedVocabulary vocabulary) => new()
    {
        Bos = Bos,
        BosId = Bos is null ? null : vocabulary.IdOf(Bos),
        Eos = Eos,
        EosId = Eos is null ? null : vocabulary.IdOf(Eos),
        Unk = Unk,
        UnkId = Unk is null ? null : vocabulary.IdOf(Unk),
        Pad = Pad,
        PadId = Pad is null ? null : vocabulary.IdOf(Pad),
    };

    /// <summary>
    /// The post-processor with <c>add_bos_token</c> and <c>add_eos_token</c>: a Llama class follows them, and adds a beginning token where neither files nor
    /// flags say anything; of other classes only a post-processor that adds nothing gets them.
    /// </summary>
    public PostProcessor Adjust(PostProcessor? postProcessor, SpecialTokens specialTokens)
    {
        PostProcessor given = postProcessor ?? PostProcessor.None;
        bool follows = IsLlamaClass ? AddBos is not null || AddEos is not null || postProcessor is null : given.IsSilent;
        if (!follows) return given;
        bool addBos = AddBos ?? IsLlamaClass;
        return given with
        {
            Prefix = addBos && specialTokens.BosId is { } bos ? [bos] : [],
            Suffix = AddEos == true && specialTokens.EosId is { } eos ? [eos] : [],
        };
    }
}
