using System.Globalization;
using System.Text.Json;
using Onnx.Llama.Tokenization.AddedTokens;

namespace Onnx.Llama.Tokenization.Loading;

/// <summary>Reads <see cref="TokenizerConfig"/> from its files.</summary>
internal static class TokenizerConfigReader
{
    private const int MaximumTokenLength = 2048;

    /// <summary>Reads what exists of the three files; <see langword="null"/> stands for an absent one.</summary>
    public static TokenizerConfig Read(JsonSection? tokenizerConfig, JsonSection? specialTokensMap, JsonSection? addedTokens)
    {
        TokenizerConfig config = tokenizerConfig is { } main ? ReadMain(main) : new TokenizerConfig();
        bool listsTokens = tokenizerConfig is { } file && !file.Member("added_tokens_decoder").IsNull;

        // Newer folders list every added token in tokenizer_config.json; transformers does not open the other two files then.
        if (listsTokens) return config;
        if (specialTokensMap is { } map) config = ReadSpecialTokensMap(config, map);
        return addedTokens is { } added ? ReadAddedTokens(config, added) : config;
    }

    /// <summary>An added token as tokenizer.json and tokenizer_config.json write it.</summary>
    public static AddedToken ReadToken(JsonSection token) => new(ReadContent(token))
    {
        Special = token.Flag("special"),
        Normalized = token.Flag("normalized", !token.Flag("special")),
        SingleWord = token.Flag("single_word"),
        StripLeft = token.Flag("lstrip"),
        StripRight = token.Flag("rstrip"),
    };

    private static string ReadContent(JsonSection token)
    {
        string content = token.Text("content");

        // Looking for a token costs its length wherever its beginning stands in a text.
        return content.Length <= MaximumTokenLength ? content : throw token.Member("content").Expected($"at most {MaximumTokenLength} characters");
    }

    private static TokenizerConfig ReadMain(JsonSection config) => new()
    {
        Class = config.OptionalText("tokenizer_class"),
        Bos = TokenText(config.Member("bos_token")),
        Eos = TokenText(config.Member("eos_token")),
        Unk = TokenText(config.Member("unk_token")),
        Pad = TokenText(config.Member("pad_token")),
        AddBos = config.OptionalFlag("add_bos_token"),
        AddEos = config.OptionalFlag("add_eos_token"),
        Legacy = config.OptionalFlag("legacy"),
        AddPrefixSpace = config.OptionalFlag("add_prefix_space"),
        AddedTokens = ReadDecoderTokens(config.Member("added_tokens_decoder")),
        MoreSpecialTokens = [.. TokenList(config.Member("additional_special_tokens")), .. TokenList(config.Member("extra_special_tokens"))],
    };

    private static TokenizerConfig ReadSpecialTokensMap(TokenizerConfig config, JsonSection map)
    {
        List<string> more = TokenList(map.Member("additional_special_tokens"));
        return config with
        {
            Bos = TokenText(map.Member("bos_token")) ?? config.Bos,
            Eos = TokenText(map.Member("eos_token")) ?? config.Eos,
            Unk = TokenText(map.Member("unk_token")) ?? config.Unk,
            Pad = TokenText(map.Member("pad_token")) ?? config.Pad,
            MoreSpecialTokens = more.Count > 0 ? more : config.MoreSpecialTokens,
        };
    }

    private static TokenizerConfig ReadAddedTokens(TokenizerConfig config, JsonSection added)
    {
        string?[] special = [config.Bos, config.Eos, config.Unk, config.Pad, .. config.MoreSpecialTokens];
        IEnumerable<AddedToken> tokens = added.Members().OrderBy(member => member.Value.AsInteger()).Select(member =>
        {
            bool isSpecial = special.Contains(member.Name);
            return new AddedToken(member.Name) { Special = isSpecial, Normalized = !isSpecial };
        });
        return config with { AddedTokens = [.. tokens] };
    }

    private static AddedToken[] ReadDecoderTokens(JsonSection tokens)
    {
        if (tokens.IsNull) return [];
        return [.. tokens.Members().OrderBy(member => IdOf(member.Name, member.Value)).Select(member => ReadToken(member.Value))];
    }

    private static int IdOf(string name, JsonSection token) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : throw token.Expected("an entry whose name is its id");

    private static string? TokenText(JsonSection token)
    {
        if (token.IsNull) return null;
        return token.Element.ValueKind == JsonValueKind.Object ? token.Text("content") : token.AsText();
    }

    private static List<string> TokenList(JsonSection tokens)
    {
        if (tokens.IsNull) return [];
        IEnumerable<JsonSection> items = tokens.Element.ValueKind == JsonValueKind.Object
            ? tokens.Members().Select(member => member.Value)
            : tokens.Items();
        return [.. items.Select(TokenText).OfType<string>()];
    }
}
