using System.Globalization;

namespace Onnx.Llama.Templates.Text;

/// <summary>Python's str.isalpha and its like.</summary>
internal static class CharacterClasses
{
    public static bool IsLetter(int point) => CharUnicodeInfo.GetUnicodeCategory(point) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter
        or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter;

    public static bool IsDecimal(int point) => CharUnicodeInfo.GetUnicodeCategory(point) == UnicodeCategory.DecimalDigitNumber;

    public static bool IsDigit(int point) => IsDecimal(point) || CharUnicodeInfo.GetDigitValue(CodePoints.ToText(point), 0) >= 0;

    public static bool IsNumeric(int point) => CharUnicodeInfo.GetNumericValue(CodePoints.ToText(point), 0) >= 0;

    public static bool IsAlphanumeric(int point) => IsLetter(point) || IsNumeric(point);

    /// <summary>A regular expression's <c>\w</c>.</summary>
    public static bool IsWordPart(int point) => point < 128 ? char.IsAsciiLetterOrDigit((char)point) || point == '_' : IsAlphanumeric(point);

    public static bool IsPrintable(string text)
    {
        for (int i = 0; i < text.Length; i += CodePoints.UnitsAt(text, i))
        {
            if (text[i] != ' ' && !PythonText.IsPrintable(CodePoints.At(text, i, out _))) return false;
        }

        return true;
    }

    public static bool IsIdentifier(string text)
    {
        for (int i = 0; i < text.Length; i += CodePoints.UnitsAt(text, i))
        {
            int point = CodePoints.At(text, i, out _);
            if (!StartsIdentifier(point) && (i == 0 || !ContinuesIdentifier(point))) return false;
        }

        return text.Length > 0;
    }

    public static bool IsUpper(string text) => HasCase(text, isUpper: true);

    public static bool IsLower(string text) => HasCase(text, isUpper: false);

    /// <summary>Whether capitals stand behind caseless characters only and small letters behind cased ones only, and there is a letter.</summary>
    public static bool IsTitle(string text)
    {
        bool any = false, inWord = false;
        for (int i = 0; i < text.Length; i += CodePoints.UnitsAt(text, i))
        {
            string letter = text.Substring(i, CodePoints.UnitsAt(text, i));
            bool isCased = CaseMapping.IsCased(letter);
            if (isCased && IsLower(letter) != inWord) return false;
            inWord = isCased;
            any |= isCased;
        }

        return any;
    }

    private static bool StartsIdentifier(int point) =>
        point == '_' || IsLetter(point) || CharUnicodeInfo.GetUnicodeCategory(point) == UnicodeCategory.LetterNumber;

    private static bool ContinuesIdentifier(int point) => CharUnicodeInfo.GetUnicodeCategory(point) is UnicodeCategory.DecimalDigitNumber
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.ConnectorPunctuation;

    private static bool HasCase(string text, bool isUpper)
    {
        bool any = false;
        for (int i = 0; i < text.Length; i += CodePoints.UnitsAt(text, i))
        {
            ReadOnlySpan<char> letter = text.AsSpan(i, CodePoints.UnitsAt(text, i));
            if (!CaseMapping.IsCased(letter)) continue;
            string mapped = isUpper ? letter.ToString().ToUpperInvariant() : letter.ToString().ToLowerInvariant();
            if (!letter.SequenceEqual(mapped)) return false;
            any = true;
        }

        return any;
    }
}
