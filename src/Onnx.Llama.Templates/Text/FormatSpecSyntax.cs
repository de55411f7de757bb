using System.Globalization;
using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Text;

/// <summary>Python's format specification: <c>[[fill]align][sign][#][0][width][grouping][.precision][type]</c>.</summary>
internal static class FormatSpecSyntax
{
    /// <exception cref="TemplateFault">The text is no specification.</exception>
    public static FormatSpec Parse(string text, RenderContext context)
    {
        FormatSpec spec = new();
        int at = 0, first = text.Length > 0 ? CodePoints.UnitsAt(text, 0) : 0;
        if (first < text.Length && IsAlign(text[first]))
        {
            spec = spec with { Fill = text[..first], Align = text[first] };
            at = first + 1;
        }
        else if (IsAlign(At(0)))
        {
            spec = spec with { Align = text[at++] };
        }

        if (At(at) is '+' or '-' or ' ') spec = spec with { Sign = text[at++] };
        if (At(at) == '#') (spec, at) = (spec with { IsAlternate = true }, at + 1);
        if (At(at) == '0') (spec, at) = (spec.Align is null ? spec with { Fill = "0", Align = '=' } : spec, at + 1);
        spec = spec with { Width = Digits() ?? 0 };
        if (At(at) is ',' or '_') spec = spec with { Grouping = text[at++] };
        if (At(at) == '.')
        {
            at++;
            spec = spec with { Precision = Digits() ?? throw TemplateFault.Value("Format specifier missing precision") };
        }

        if (at < text.Length) spec = spec with { Type = text[at++] };
        return at == text.Length ? spec : throw TemplateFault.Value("Invalid format specifier");

        char At(int index) => index < text.Length ? text[index] : '\0';

        int? Digits()
        {
            int start = at;
            while (char.IsAsciiDigit(At(at))) at++;
            if (start == at) return null;
            if (!int.TryParse(text.AsSpan(start, at - start), CultureInfo.InvariantCulture, out int value))
            {
                throw TemplateFault.Value("Too many decimal digits in format string");
            }

            context.ChargeText(value);
            return value;
        }
    }

    private static bool IsAlign(char c) => c is '<' or '>' or '=' or '^';
}
