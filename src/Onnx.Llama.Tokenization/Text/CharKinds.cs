using System.Globalization;

namespace Onnx.Llama.Tokenization.Text;

/// <summary>What the split patterns ask of a character, as bits.</summary>
[Flags]
internal enum CharKind : byte
{
    None = 0,

    /// <summary><c>\p{L}</c></summary>
    Letter = 1,

    /// <summary><c>\p{N}</c></summary>
    Number = 2,

    /// <summary><c>\s</c>: White_Space.</summary>
    Space = 4,

    /// <summary><c>\r</c> or <c>\n</c></summary>
    Newline = 8,

    /// <summary><c>[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]</c></summary>
    Upper = 16,

    /// <summary><c>[\p{Ll}\p{Lm}\p{Lo}\p{M}]</c></summary>
    Lower = 32,

    /// <summary><c>\p{M}</c></summary>
    Mark = 64,

    /// <summary><c>[\p{P}\p{S}]</c></summary>
    Symbol = 128,
}

/// <summary>The kinds of all characters: a table for the basic plane, Unicode data for the others.</summary>
internal static class CharKinds
{
    private static readonly CharKind[] s_basic = BuildBasic();

    public static CharKind Of(char unit) => s_basic[unit];

    /// <summary>The kinds of the character at this index; <paramref name="width"/> is its number of UTF-16 units.</summary>
    public static CharKind At(ReadOnlySpan<char> text, int index, out int width)
    {
        char unit = text[index];
        width = 1;
        if (!char.IsHighSurrogate(unit) || !Surrogates.IsPair(text, index)) return s_basic[unit];
        width = 2;
        return OfCategory(CharUnicodeInfo.GetUnicodeCategory(char.ConvertToUtf32(unit, text[index + 1])));
    }

    /// <summary>The end of the run of characters that have any of these kinds.</summary>
    public static int EndOfRun(ReadOnlySpan<char> text, int index, CharKind kinds)
    {
        while (index < text.Length)
        {
            if ((At(text, index, out int width) & kinds) == 0) break;
            index += width;
        }

        return index;
    }

    /// <summary>The end of the run of characters that have none of these kinds.</summary>
    public static int EndOfRunWithout(ReadOnlySpan<char> text, int index, CharKind kinds)
    {
        while (index < text.Length)
        {
            if ((At(text, index, out int width) & kinds) != 0) break;
            index += width;
        }

        return index;
    }

    private static CharKind[] BuildBasic()
    {
        var kinds = new CharKind[0x10000];
        for (int unit = 0; unit < kinds.Length; unit++) kinds[unit] = OfBasic((char)unit);
        return kinds;
    }

    private static CharKind OfBasic(char unit)
    {
        CharKind kind = OfCategory(CharUnicodeInfo.GetUnicodeCategory(unit));
        if (char.IsWhiteSpace(unit)) kind |= CharKind.Space;
        if (unit is '\r' or '\n') kind |= CharKind.Newline;
        return kind;
    }

    private static CharKind OfCategory(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => CharKind.Letter | CharKind.Upper,
        UnicodeCategory.LowercaseLetter => CharKind.Letter | CharKind.Lower,
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => CharKind.Letter | CharKind.Upper | CharKind.Lower,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => CharKind.Mark | CharKind.Upper | CharKind.Lower,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharKind.Number,
        >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherSymbol => CharKind.Symbol,
        _ => CharKind.None,
    };
}
