namespace Onnx.Llama.Templates.Text;

/// <summary>How a value is formatted: what Python's <c>%</c> and <c>format</c> have in common.</summary>
internal sealed record FormatSpec
{
    /// <summary>What fills up to the width.</summary>
    public string Fill { get; init; } = " ";

    /// <summary><c>&lt;</c>, <c>&gt;</c>, <c>^</c>, or <c>=</c> (between sign and digits).</summary>
    public char? Align { get; init; }

    /// <summary>What stands before a number that is not negative: <c>+</c>, a space, or <c>-</c> for nothing.</summary>
    public char Sign { get; init; } = '-';

    /// <summary>The alternate form, with a prefix or a point.</summary>
    public bool IsAlternate { get; init; }

    /// <summary>The least width in code points.</summary>
    public int Width { get; init; }

    /// <summary>What groups the thousands: <c>,</c> or <c>_</c>, or null.</summary>
    public char? Grouping { get; init; }

    /// <summary>Decimal places, significant digits, or the greatest length of a text.</summary>
    public int? Precision { get; init; }

    /// <summary>The presentation: <c>s</c>, <c>d</c>, <c>x</c>, <c>f</c>, …, or null.</summary>
    public char? Type { get; init; }

    /// <summary>Fills a text up to the width.</summary>
    public string Padded(string text, char defaultAlign)
    {
        int missing = Width - CodePoints.Count(text);
        if (missing <= 0) return text;
        int left = (Align ?? defaultAlign) switch { '<' => 0, '^' => missing / 2, _ => missing };
        return Filler(left) + text + Filler(missing - left);
    }

    public string Filler(int count) => CodePoints.Repeat(Fill, count);
}
