using System.Globalization;
using System.Text;

namespace Onnx.Llama.Templates.Text;

/// <summary>Python's idea of whitespace, printable characters and quoted text.</summary>
internal static class PythonText
{
    /// <summary>Python's str.isspace: .NET's white space and the four separators U+001C to U+001F.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\u001C' and <= '\u001F';

    public static string Strip(string text) => StripEnd(StripStart(text));

    public static string StripStart(string text)
    {
        int start = 0;
        while (start < text.Length && IsSpace(text[start])) start++;
        return start == 0 ? text : text[start..];
    }

    public static string StripEnd(string text)
    {
        int end = text.Length;
        while (end > 0 && IsSpace(text[end - 1])) end--;
        return end == text.Length ? text : text[..end];
    }

    /// <summary>Python's repr of a text: single quotes unless it has such and no double ones; everything that does not print is escaped.</summary>
    public static string Quote(string text)
    {
        char quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        StringBuilder quoted = new(text.Length + 2);
        quoted.Append(quote);
        for (int i = 0; i < text.Length;)
        {
            AppendQuoted(quoted, CodePoints.At(text, i, out int units), quote);
            i += units;
        }

        return quoted.Append(quote).ToString();
    }

    private static void AppendQuoted(StringBuilder quoted, int point, char quote)
    {
        switch (point)
        {
            case '\n': quoted.Append("\\n"); break;
            case '\r': quoted.Append("\\r"); break;
            case '\t': quoted.Append("\\t"); break;
            case '\\': quoted.Append("\\\\"); break;
            case >= ' ' and < 0x7F when point != quote: quoted.Append((char)point); break;
            case >= 0x7F when IsPrintable(point): quoted.Append(char.ConvertFromUtf32(point)); break;
            default:
                if (point == quote) quoted.Append('\\').Append(quote);
                else AppendEscape(quoted, point);
                break;
        }
    }

    /// <summary>Appends <c>\xNN</c>, <c>\uNNNN</c> or <c>\UNNNNNNNN</c>.</summary>
    public static void AppendEscape(StringBuilder text, int point) =>
        _ = point < 0x100 ? text.Append(CultureInfo.InvariantCulture, $"\\x{point:x2}")
            : point < 0x10000 ? text.Append(CultureInfo.InvariantCulture, $"\\u{point:x4}")
            : text.Append(CultureInfo.InvariantCulture, $"\\U{point:x8}");

    /// <summary>Python's str.isprintable of one code point, but for the space.</summary>
    public static bool IsPrintable(int point) => CharUnicodeInfo.GetUnicodeCategory(point) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
}
