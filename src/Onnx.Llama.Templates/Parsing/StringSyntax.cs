using System.Globalization;
using System.Text;
using Onnx.Llama.Templates.Text;

namespace Onnx.Llama.Templates.Parsing;

/// <summary>The escapes of string literals, as Python's unicode-escape codec reads them.</summary>
internal static class StringSyntax
{
    /// <exception cref="FormatException">An escape is cut off or names no character.</exception>
    public static string Decode(ReadOnlySpan<char> literal)
    {
        if (!literal.Contains('\\')) return literal.ToString();
        StringBuilder text = new(literal.Length);
        for (int i = 0; i < literal.Length;)
        {
            if (literal[i] != '\\') text.Append(literal[i++]);
            else i = DecodeEscape(literal, i + 1, text);
        }

        return text.ToString();
    }

    /// <summary>Decodes the escape whose letter stands at <paramref name="at"/>, and gives the index behind it.</summary>
    private static int DecodeEscape(ReadOnlySpan<char> literal, int at, StringBuilder text)
    {
        char c = literal[at];
        switch (c)
        {
            case '\n': return at + 1;
            case 'n': text.Append('\n'); return at + 1;
            case 't': text.Append('\t'); return at + 1;
            case 'r': text.Append('\r'); return at + 1;
            case 'a': text.Append('\a'); return at + 1;
            case 'b': text.Append('\b'); return at + 1;
            case 'f': text.Append('\f'); return at + 1;
            case 'v': text.Append('\v'); return at + 1;
            case '\\' or '\'' or '"': text.Append(c); return at + 1;
            case 'x': return DecodeHex(literal, at + 1, 2, text);
            case 'u': return DecodeHex(literal, at + 1, 4, text);
            case 'U': return DecodeHex(literal, at + 1, 8, text);
            case >= '0' and <= '7': return DecodeOctal(literal, at, text);
            case 'N': throw new FormatException("character names (\\N{…}) are not supported; use \\u or \\U with the code point");
            default: return DecodeUnknown(literal, at, text);
        }
    }

    private static int DecodeHex(ReadOnlySpan<char> literal, int at, int digits, StringBuilder text)
    {
        ReadOnlySpan<char> hex = at + digits <= literal.Length ? literal.Slice(at, digits) : default;
        if (!int.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int point))
        {
            throw new FormatException($"a string escape is cut off; expected {digits} hexadecimal digits");
        }

        if ((uint)point > 0x10FFFF) throw new FormatException("a string escape names no Unicode character; expected at most 10ffff");
        Append(text, point);
        return at + digits;
    }

    private static int DecodeOctal(ReadOnlySpan<char> literal, int at, StringBuilder text)
    {
        int point = 0, end = Math.Min(at + 3, literal.Length);
        while (at < end && literal[at] is >= '0' and <= '7') point = (point * 8) + (literal[at++] - '0');
        Append(text, point);
        return at;
    }

    /// <summary>An unknown escape stays as it is; of a character beyond ASCII Python keeps its escaped form.</summary>
    private static int DecodeUnknown(ReadOnlySpan<char> literal, int at, StringBuilder text)
    {
        int point = CodePoints.At(literal, at, out int units);
        if (point >= 128) PythonText.AppendEscape(text, point);
        else text.Append('\\').Append((char)point);
        return at + units;
    }

    private static void Append(StringBuilder text, int point) => _ = point > 0xFFFF ? text.Append(char.ConvertFromUtf32(point)) : text.Append((char)point);
}
