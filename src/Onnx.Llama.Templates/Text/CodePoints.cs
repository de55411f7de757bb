namespace Onnx.Llama.Templates.Text;

/// <summary>Code points in UTF-16; a lone surrogate counts as one.</summary>
internal static class CodePoints
{
    public static int Count(ReadOnlySpan<char> text)
    {
        int count = text.Length;
        for (int i = text.IndexOfAnyInRange('\uD800', '\uDBFF'); i >= 0 && i + 1 < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && char.IsLowSurrogate(text[i + 1])) count--;
        }

        return count;
    }

    /// <summary>How many UTF-16 units (1 or 2) the code point at this unit has.</summary>
    public static int UnitsAt(ReadOnlySpan<char> text, int at) =>
        at + 1 < text.Length && char.IsHighSurrogate(text[at]) && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;

    /// <summary>The UTF-16 unit at which the code point with this index starts, counting from the unit <paramref name="from"/>.</summary>
    public static int Offset(ReadOnlySpan<char> text, int index, int from = 0)
    {
        int at = from;
        for (int i = 0; i < index; i++) at += UnitsAt(text, at);
        return at;
    }

    /// <summary>The code point at this unit, and how many units it has.</summary>
    public static int At(ReadOnlySpan<char> text, int at, out int units)
    {
        units = UnitsAt(text, at);
        return units == 2 ? char.ConvertToUtf32(text[at], text[at + 1]) : text[at];
    }

    /// <summary>The code point that ends before this unit, and how many units it has.</summary>
    public static int Before(ReadOnlySpan<char> text, int end, out int units)
    {
        units = end > 1 && UnitsAt(text, end - 2) == 2 ? 2 : 1;
        return At(text, end - units, out _);
    }

    /// <summary>The text so many times.</summary>
    public static string Repeat(string text, int count)
    {
        if (text.Length <= 1) return text.Length == 0 ? "" : new string(text[0], count);
        return string.Create(text.Length * count, text, static (units, part) =>
        {
            for (int at = 0; at < units.Length; at += part.Length) part.CopyTo(units[at..]);
        });
    }

    /// <summary>The code point as text; a surrogate as the lone unit that it is.</summary>
    public static string ToText(int point) => point > 0xFFFF ? char.ConvertFromUtf32(point) : ((char)point).ToString();
}
