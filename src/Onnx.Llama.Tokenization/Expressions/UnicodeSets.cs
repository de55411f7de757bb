using System.Globalization;
using C = System.Globalization.UnicodeCategory;

namespace Onnx.Llama.Tokenization.Expressions;

/// <summary>The sets of characters that expressions name, from .NET's Unicode data.</summary>
internal static class UnicodeSets
{
    private static readonly Lazy<CodePointSet[]> s_categories = new(ReadCategories);

    public static CodePointSet Newline { get; } = CodePointSet.Of('\n');

    /// <summary><c>\s</c>: White_Space.</summary>
    public static CodePointSet Space { get; } = CodePointSet.Of(
        [(0x9, 0xD), (0x20, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000)]);

    /// <summary><c>\h</c>: hexadecimal digits.</summary>
    public static CodePointSet Hexadecimal { get; } = CodePointSet.Of([('0', '9'), ('A', 'F'), ('a', 'f')]);

    /// <summary><c>\d</c>: decimal digits of any script.</summary>
    public static CodePointSet Digit => Category(C.DecimalDigitNumber);

    /// <summary><c>\p{L}</c></summary>
    public static CodePointSet Letter =>
        Category(C.UppercaseLetter, C.LowercaseLetter, C.TitlecaseLetter, C.ModifierLetter, C.OtherLetter);

    public static CodePointSet Mark => Category(C.NonSpacingMark, C.SpacingCombiningMark, C.EnclosingMark);

    public static CodePointSet Number => Category(C.DecimalDigitNumber, C.LetterNumber, C.OtherNumber);

    public static CodePointSet Punctuation => Category(
        C.ConnectorPunctuation, C.DashPunctuation, C.OpenPunctuation, C.ClosePunctuation, C.InitialQuotePunctuation, C.FinalQuotePunctuation, C.OtherPunctuation);

    public static CodePointSet Symbol => Category(C.MathSymbol, C.CurrencySymbol, C.ModifierSymbol, C.OtherSymbol);

    /// <summary><c>\w</c>: Alphabetic, marks, decimal digits, connectors; Oniguruma adds the superscripts and fractions of Latin-1.</summary>
    public static CodePointSet Word => Letter.Or(Mark).Or(Category(C.DecimalDigitNumber, C.LetterNumber, C.ConnectorPunctuation)).Or(CircledLetters)
        .Or(CodePointSet.Of([(0xB2, 0xB3), (0xB9, 0xB9), (0xBC, 0xBE)]));

    /// <summary>Symbols that are Alphabetic.</summary>
    private static CodePointSet CircledLetters { get; } = CodePointSet.Of([(0x24B6, 0x24E9), (0x1F130, 0x1F149), (0x1F150, 0x1F169), (0x1F170, 0x1F189)]);

    /// <summary>The script Han (Scripts.txt, Unicode 15).</summary>
    private static CodePointSet Han { get; } = CodePointSet.Of(
    [
        (0x2E80, 0x2E99), (0x2E9B, 0x2EF3), (0x2F00, 0x2FD5), (0x3005, 0x3005), (0x3007, 0x3007), (0x3021, 0x3029), (0x3038, 0x303B), (0x3400, 0x4DBF),
        (0x4E00, 0x9FFF), (0xF900, 0xFA6D), (0xFA70, 0xFAD9), (0x16FE2, 0x16FE3), (0x16FF0, 0x16FF1), (0x20000, 0x2A6DF), (0x2A700, 0x2B739),
        (0x2B740, 0x2B81D), (0x2B820, 0x2CEA1), (0x2CEB0, 0x2EBE0), (0x2F800, 0x2FA1D), (0x30000, 0x3134A), (0x31350, 0x323AF),
    ]);

    /// <summary>The set of <c>\p{name}</c>, or null where it is not known. Case, spaces, hyphens and underscores in names do not count.</summary>
    public static CodePointSet? Property(string name) => Plain(name) switch
    {
        "any" => CodePointSet.All,
        "l" or "letter" => Letter,
        "lu" or "uppercaseletter" => Category(C.UppercaseLetter),
        "ll" or "lowercaseletter" => Category(C.LowercaseLetter),
        "lt" or "titlecaseletter" => Category(C.TitlecaseLetter),
        "lm" or "modifierletter" => Category(C.ModifierLetter),
        "lo" or "otherletter" => Category(C.OtherLetter),
        "m" or "mark" or "combiningmark" => Mark,
        "mn" or "nonspacingmark" => Category(C.NonSpacingMark),
        "mc" or "spacingmark" => Category(C.SpacingCombiningMark),
        "me" or "enclosingmark" => Category(C.EnclosingMark),
        "n" or "number" => Number,
        "nd" or "decimalnumber" => Digit,
        "nl" or "letternumber" => Category(C.LetterNumber),
        "no" or "othernumber" => Category(C.OtherNumber),
        "p" or "punctuation" => Punctuation,
        "pc" or "connectorpunctuation" => Category(C.ConnectorPunctuation),
        "pd" or "dashpunctuation" => Category(C.DashPunctuation),
        "ps" or "openpunctuation" => Category(C.OpenPunctuation),
        "pe" or "closepunctuation" => Category(C.ClosePunctuation),
        "pi" or "initialpunctuation" => Category(C.InitialQuotePunctuation),
        "pf" or "finalpunctuation" => Category(C.FinalQuotePunctuation),
        "po" or "otherpunctuation" => Category(C.OtherPunctuation),
        "s" or "symbol" => Symbol,
        "sm" or "mathsymbol" => Category(C.MathSymbol),
        "sc" or "currencysymbol" => Category(C.CurrencySymbol),
        "sk" or "modifiersymbol" => Category(C.ModifierSymbol),
        "so" or "othersymbol" => Category(C.OtherSymbol),
        "z" or "separator" => Category(C.SpaceSeparator, C.LineSeparator, C.ParagraphSeparator),
        "zs" or "spaceseparator" => Category(C.SpaceSeparator),
        "zl" or "lineseparator" => Category(C.LineSeparator),
        "zp" or "paragraphseparator" => Category(C.ParagraphSeparator),
        "c" or "other" => Category(C.Control, C.Format, C.Surrogate, C.PrivateUse, C.OtherNotAssigned),
        "cc" or "control" => Category(C.Control),
        "cf" or "format" => Category(C.Format),
        "co" or "privateuse" => Category(C.PrivateUse),
        "cn" or "unassigned" => Category(C.OtherNotAssigned),
        "han" => Han,
        var posix => Posix(posix),
    };

    /// <summary>
    /// The set of <c>[:name:]</c>, or null where it is not known: <c>alpha</c>, <c>upper</c> and the like need properties that .NET's data does not have.
    /// </summary>
    public static CodePointSet? Posix(string name) => name switch
    {
        "digit" => Digit,
        "xdigit" => Hexadecimal,
        "space" => Space,
        "blank" => Category(C.SpaceSeparator).Or(CodePointSet.Of('\t')),
        "cntrl" => Category(C.Control),
        "punct" => Punctuation.Or(Symbol),
        "word" => Word,
        "ascii" => CodePointSet.Range(0, 0x7F),
        _ => null,
    };

    private static CodePointSet Category(params C[] categories) =>
        CodePointSet.Of(categories.SelectMany(category => s_categories.Value[(int)category].Ranges));

    private static string Plain(string name) => string.Concat(name.Where(unit => unit is not (' ' or '-' or '_'))).ToLowerInvariant();

    private static CodePointSet[] ReadCategories()
    {
        var ranges = new List<(int, int)>[(int)C.OtherNotAssigned + 1];
        for (int i = 0; i < ranges.Length; i++) ranges[i] = [];
        int start = 0;
        for (int codePoint = 1; codePoint <= CodePointSet.Maximum + 1; codePoint++)
        {
            C category = CharUnicodeInfo.GetUnicodeCategory(start);
            if (codePoint <= CodePointSet.Maximum && CharUnicodeInfo.GetUnicodeCategory(codePoint) == category) continue;
            ranges[(int)category].Add((start, codePoint - 1));
            start = codePoint;
        }

        return [.. ranges.Select(CodePointSet.Of)];
    }
}
