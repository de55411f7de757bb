using System.Buffers;
using System.Globalization;
using System.Text;

namespace Onnx.Llama.Templates.Text;

/// <summary>Python's upper, lower, title and capitalize: Unicode's full mappings, where one letter may become two or three.</summary>
internal static partial class CaseMapping
{
    public static string Upper(string text)
    {
        string upper = text.ToUpperInvariant();
        return IsAscii(text) ? upper : Expand(text, upper, UpperOf);
    }

    public static string Lower(string text)
    {
        if (IsAscii(text)) return text.ToLowerInvariant();
        StringBuilder lower = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == 'İ') lower.Append("i\u0307");
            else if (text[i] == 'Σ') lower.Append(IsFinalSigma(text, i) ? 'ς' : 'σ');
            else if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length) lower.Append(text.AsSpan(i++, 2).ToString().ToLowerInvariant());
            else lower.Append(char.ToLowerInvariant(text[i]));
        }

        return lower.ToString();
    }

    /// <summary>The first letter as in a title, the others small.</summary>
    public static string Capitalize(string text)
    {
        if (text.Length == 0) return text;
        int first = CodePoints.UnitsAt(text, 0);
        string lower = Lower(text);
        return Title(text.AsSpan(0, first)) + (text[0] == 'İ' ? lower[2..] : lower[first..]);
    }

    /// <summary>Every letter behind one without case as in a title, the others small: Python's str.title.</summary>
    public static string TitleWords(string text)
    {
        StringBuilder title = new(text.Length);
        bool inWord = false;
        for (int i = 0; i < text.Length; i += CodePoints.UnitsAt(text, i))
        {
            string letter = text.Substring(i, CodePoints.UnitsAt(text, i));
            title.Append(!inWord ? Title(letter) : letter == "Σ" ? IsFinalSigma(text, i) ? "ς" : "σ" : Lower(letter));
            inWord = IsCased(letter);
        }

        return title.ToString();
    }

    public static bool IsCased(ReadOnlySpan<char> letter) => Rune.DecodeFromUtf16(letter, out Rune rune, out _) == OperationStatus.Done
        && (Rune.IsUpper(rune) || Rune.IsLower(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.TitlecaseLetter || IsOtherCased(rune.Value));

    private static string Title(ReadOnlySpan<char> letter)
    {
        string text = letter.ToString();
        return TitleOf(text) ?? (UpperOf(text) is { } special ? special[..1] + Lower(special[1..]) : text.ToUpperInvariant());
    }

    private static string Expand(string text, string mapped, Func<string, string?> special)
    {
        StringBuilder? expanded = null;
        for (int i = 0; i < text.Length; i++)
        {
            string? replacement = text[i] < 128 ? null : special(text[i].ToString());
            if (replacement is not null) expanded ??= new StringBuilder(mapped, 0, i, 2 * mapped.Length);
            if (replacement is not null) expanded!.Append(replacement);
            else expanded?.Append(mapped[i]);
        }

        return expanded?.ToString() ?? mapped;
    }

    /// <summary>A sigma behind a letter, and not before one; characters without case of their own in between do not count.</summary>
    private static bool IsFinalSigma(string text, int at)
    {
        int before = at - 1, after = at + 1;
        while (before >= 0 && IsCaseIgnorable(text[before])) before--;
        while (after < text.Length && IsCaseIgnorable(text[after])) after++;
        return before >= 0 && IsCased(text.AsSpan(before, 1)) && !(after < text.Length && IsCased(text.AsSpan(after, 1)));
    }

    private static bool IsCaseIgnorable(char c) => c is '\'' or '.' or ':' or '·' or '’' || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark
        or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.ModifierLetter
        or UnicodeCategory.ModifierSymbol;

    private static bool IsAscii(string text) => Ascii.IsValid(text);
}
