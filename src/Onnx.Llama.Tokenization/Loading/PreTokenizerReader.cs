using Onnx.Llama.Tokenization.PreTokenizers;

namespace Onnx.Llama.Tokenization.Loading;

/// <summary>Reads the <c>pre_tokenizer</c> of tokenizer.json; sequences are flattened and ByteLevel becomes its steps.</summary>
internal static class PreTokenizerReader
{
    public static IEnumerable<PreTokenizer> Read(JsonSection section)
    {
        if (section.IsNull) return [];
        return section.Type switch
        {
            "Sequence" => section.Member("pretokenizers").Items().SelectMany(Read),
            "Split" => [new SplitPreTokenizer(SplitPatternReader.Read(section.Member("pattern")), Behavior(section), section.Flag("invert"))],
            "Digits" => [Digits(section.Flag("individual_digits"))],
            "ByteLevel" => ByteLevel(section.Flag("add_prefix_space", true), section.Flag("use_regex", true)),
            "Metaspace" => Metaspace(section),
            _ => throw section.UnknownType("Sequence, Split, Digits, ByteLevel, Metaspace"),
        };
    }

    /// <summary>The steps of <c>ByteLevel</c>, in its order.</summary>
    public static IEnumerable<PreTokenizer> ByteLevel(bool addPrefixSpace, bool useRegex)
    {
        if (addPrefixSpace) yield return new PrefixSpacePreTokenizer();
        if (useRegex) yield return new SplitPreTokenizer(new Gpt2Pattern(), SplitBehavior.Isolated, invert: false);
        yield return new ByteAlphabetPreTokenizer();
    }

    /// <summary>The steps of <c>Metaspace</c>, in its order.</summary>
    public static IEnumerable<PreTokenizer> Metaspace(char mark, PrependScheme scheme, bool split)
    {
        yield return new MetaspacePreTokenizer(mark, scheme);
        if (split) yield return new SplitPreTokenizer(new LiteralPattern(mark.ToString()), SplitBehavior.MergedWithNext, invert: false);
    }

    private static IEnumerable<PreTokenizer> Metaspace(JsonSection section)
    {
        // Files older than prepend_scheme have add_prefix_space.
        PrependScheme scheme = section.OptionalText("prepend_scheme") switch
        {
            "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            null => section.Flag("add_prefix_space", true) ? PrependScheme.Always : PrependScheme.Never,
            _ => throw section.Member("prepend_scheme").Expected("always, first or never"),
        };
        return Metaspace(section.Character("replacement"), scheme, section.Flag("split", true));
    }

    private static SplitPreTokenizer Digits(bool individual) =>
        new(new DigitPattern(), individual ? SplitBehavior.Isolated : SplitBehavior.Contiguous, invert: false);

    private static SplitBehavior Behavior(JsonSection section) => section.Text("behavior") switch
    {
        "Isolated" => SplitBehavior.Isolated,
        "Removed" => SplitBehavior.Removed,
        "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
        "MergedWithNext" => SplitBehavior.MergedWithNext,
        "Contiguous" => SplitBehavior.Contiguous,
        _ => throw section.Member("behavior").Expected("Isolated, Removed, MergedWithPrevious, MergedWithNext or Contiguous"),
    };
}
