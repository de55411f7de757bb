using System.Globalization;
using System.Numerics;
using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Text;

/// <summary>Numbers by a <see cref="FormatSpec"/>, with exact decimal rounding.</summary>
internal static class NumberFormat
{
    public static string Integer(BigInteger value, FormatSpec spec)
    {
        (string digits, string prefix) = spec.Type switch
        {
            'x' => (Radix(value, 16), "0x"),
            'X' => (Radix(value, 16).ToUpperInvariant(), "0X"),
            'o' => (Radix(value, 8), "0o"),
            'b' => (Radix(value, 2), "0b"),
            _ => (Values.IntegerValue.Print(BigInteger.Abs(value)), ""),
        };
        int group = spec.Type is 'x' or 'X' or 'o' or 'b' ? 4 : 3;
        return Signed(value.Sign < 0, spec.IsAlternate ? prefix : "", digits, "", spec, group);
    }

    /// <exception cref="TemplateFault">The type presents no floating-point number.</exception>
    public static string Float(double value, FormatSpec spec)
    {
        bool isUpper = spec.Type is 'E' or 'F' or 'G';
        bool isPercent = spec.Type == '%';
        string text = double.IsFinite(value) ? Magnitude(Math.Abs(isPercent ? value * 100 : value), spec) : double.IsNaN(value) ? "nan" : "inf";
        if (isPercent) text += "%";
        if (isUpper) text = text.ToUpperInvariant();
        int digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        digits = digits < 0 ? text.Length : digits;
        return Signed(double.IsNegative(value) && !double.IsNaN(value), "", text[..digits], text[digits..], spec, 3);
    }

    private static string Magnitude(double value, FormatSpec spec) => (spec.Type, spec.Precision) switch
    {
        ('f' or 'F' or '%', _) => Fixed(value, spec.Precision ?? 6, spec.IsAlternate),
        ('e' or 'E', _) => Scientific(value, spec.Precision ?? 6, spec.IsAlternate, isTrimmed: false).Text,
        ('g' or 'G' or 'n', _) => General(value, Math.Max(1, spec.Precision ?? 6), spec.IsAlternate, leastPlaces: 0),
        (null, null) => FloatText.Repr(value),
        (null, int precision) => General(value, Math.Max(1, precision), spec.IsAlternate, leastPlaces: 1),
        _ => throw TemplateFault.Value($"Unknown format code '{spec.Type}' for object of type 'float'"),
    };

    private static string Fixed(double value, int places, bool keepsPoint)
    {
        int exact = Math.Min(places, Rounding.MaxPlaces);
        string digits = Rounding.Scaled(value, exact).ToString(CultureInfo.InvariantCulture).PadLeft(exact + 1, '0');
        string point = places > 0 || keepsPoint ? "." : "";
        return digits[..^exact] + point + digits[^exact..] + new string('0', places - exact);
    }

    private static (string Text, int Exponent) Scientific(double value, int places, bool keepsPoint, bool isTrimmed)
    {
        (string digits, int exponent) = Significant(value, places + 1);
        string fraction = digits[1..].PadRight(places, '0');
        if (isTrimmed) fraction = fraction.TrimEnd('0');
        string point = fraction.Length > 0 || keepsPoint ? "." : "";
        return (string.Create(CultureInfo.InvariantCulture, $"{digits[0]}{point}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}"), exponent);
    }

    /// <param name="value">Not negative.</param>
    /// <param name="precision">Significant digits.</param>
    /// <param name="keepsZeros">Whether the zeros at the end stay.</param>
    /// <param name="leastPlaces">How many decimal places stay at least in plain notation; with one, the exponent begins a digit earlier, as in repr.</param>
    private static string General(double value, int precision, bool keepsZeros, int leastPlaces)
    {
        (string scientific, int exponent) = Scientific(value, precision - 1, keepsZeros, isTrimmed: !keepsZeros);
        if (exponent < -4 || exponent >= precision - leastPlaces) return scientific;
        string plain = Fixed(value, Math.Max(leastPlaces, precision - 1 - exponent), keepsZeros);
        if (keepsZeros || !plain.Contains('.', StringComparison.Ordinal)) return plain;
        string trimmed = plain.TrimEnd('0');
        return trimmed[^1] != '.' ? trimmed : leastPlaces > 0 ? trimmed + "0" : trimmed[..^1];
    }

    /// <summary>The leading digits, rounded exactly, and the exponent of the first.</summary>
    private static (string Digits, int Exponent) Significant(double value, int count)
    {
        int exact = Math.Min(count, Rounding.MaxPlaces);
        if (value == 0) return (new string('0', exact), 0);
        int exponent = (int)Math.Floor(Math.Log10(value));
        for (; ; )
        {
            string digits = Rounding.Scaled(value, exact - 1 - exponent).ToString(CultureInfo.InvariantCulture);
            if (digits.Length == exact) return (digits, exponent);
            exponent += digits.Length > exact ? 1 : -1;
        }
    }

    private static string Signed(bool isNegative, string prefix, string digits, string rest, FormatSpec spec, int group)
    {
        string sign = isNegative ? "-" : spec.Sign == '-' ? "" : spec.Sign.ToString();
        string head = sign + prefix;
        bool fillsInside = spec.Align == '=';
        int filledWidth = fillsInside && spec.Fill == "0" ? spec.Width - head.Length - rest.Length : 0;
        if (spec.Grouping is { } separator) digits = Grouped(digits, separator, group, filledWidth);
        int missing = fillsInside ? spec.Width - head.Length - digits.Length - rest.Length : 0;
        if (missing > 0) return head + spec.Filler(missing) + digits + rest;
        return spec.Padded(head + digits + rest, '>');
    }

    /// <summary>Puts separators between groups, after filling up with zeros to the width, separators counted.</summary>
    private static string Grouped(string digits, char separator, int group, int width)
    {
        int count = digits.Length;
        while (count + ((count - 1) / group) < width) count++;
        digits = digits.PadLeft(count, '0');
        int first = ((digits.Length - 1) % group) + 1;
        return string.Join(separator, new[] { digits[..first] }.Concat(digits[first..].Chunk(group).Select(chunk => new string(chunk))));
    }

    private static string Radix(BigInteger value, int radix)
    {
        if (value.IsZero) return "0";
        byte[] bytes = BigInteger.Abs(value).ToByteArray(isUnsigned: true, isBigEndian: true);
        if (radix == 16) return Convert.ToHexStringLower(bytes).TrimStart('0');
        string bits = string.Concat(bytes.Select(b => Convert.ToString(b, 2).PadLeft(8, '0'))).TrimStart('0');
        if (radix == 2) return bits;
        bits = bits.PadLeft((bits.Length + 2) / 3 * 3, '0');
        return string.Concat(bits.Chunk(3).Select(chunk => (char)('0' + Convert.ToInt32(new string(chunk), 2)))).TrimStart('0');
    }
}
