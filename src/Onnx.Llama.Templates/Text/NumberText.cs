using System.Globalization;
using System.Numerics;

namespace Onnx.Llama.Templates.Text;

/// <summary>Texts of numbers as Python's int and float read them.</summary>
internal static class NumberText
{
    /// <summary>Python refuses longer integers too.</summary>
    public const int MaxDigits = 4300;

    /// <summary>The integer, or null where the text is none in this radix (0: as its prefix says).</summary>
    public static BigInteger? ParseInteger(string text, long radix)
    {
        ReadOnlySpan<char> digits = PythonText.Strip(text);
        bool isNegative = digits.Length > 0 && digits[0] == '-';
        if (digits.Length > 0 && digits[0] is '-' or '+') digits = digits[1..];
        int prefix = digits.Length > 1 && digits[0] == '0' ? (digits[1] | ' ') switch { 'b' => 2, 'o' => 8, 'x' => 16, _ => 0 } : 0;
        if (prefix != 0 && (radix == prefix || radix == 0))
        {
            digits = digits[2..];
            radix = prefix;
            if (digits.Length > 0 && digits[0] == '_') digits = digits[1..];
        }

        if (radix == 0) radix = 10;
        if (radix is < 2 or > 36 || digits.Length is 0 or > MaxDigits) return null;
        return ParseDigits(digits, (int)radix) is { } value ? isNegative ? -value : value : null;
    }

    /// <summary>The number, or null where the text is none.</summary>
    public static double? ParseFloat(string text)
    {
        string number = PythonText.Strip(text);
        string unsigned = number.TrimStart('+', '-');
        if (number.Length - unsigned.Length > 1 || unsigned.Length == 0) return null;
        double sign = number[0] == '-' ? -1 : 1;
        if (Is("inf") || Is("infinity")) return sign * double.PositiveInfinity;
        if (Is("nan")) return double.NaN;
        if (!HasOnlyDigitsAround(unsigned)) return null;
        string plain = unsigned.Replace("_", "", StringComparison.Ordinal);
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(plain, Style, CultureInfo.InvariantCulture, out double value) ? sign * value : null;

        bool Is(string name) => unsigned.Equals(name, StringComparison.OrdinalIgnoreCase);
    }

    private static BigInteger? ParseDigits(ReadOnlySpan<char> digits, int radix)
    {
        if (radix == 10 && !digits.ContainsAnyExceptInRange('0', '9')) return BigInteger.Parse(digits, CultureInfo.InvariantCulture);
        BigInteger value = BigInteger.Zero;
        bool afterDigit = false;
        foreach (char c in digits)
        {
            if (c == '_' && afterDigit)
            {
                afterDigit = false;
                continue;
            }

            int digit = Digit(c);
            if (digit < 0 || digit >= radix) return null;
            value = (value * radix) + digit;
            afterDigit = true;
        }

        return afterDigit ? value : null;
    }

    private static int Digit(char c) => char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiLetter(c) ? (c | ' ') - 'a' + 10 : CharUnicodeInfo.GetDecimalDigitValue(c);

    /// <summary>Whether there are but digits, a point and an exponent, and each underscore stands between two digits.</summary>
    private static bool HasOnlyDigitsAround(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            bool isInner = i > 0 && i + 1 < text.Length && char.IsAsciiDigit(text[i - 1]) && char.IsAsciiDigit(text[i + 1]);
            if (text[i] == '_' ? !isInner : !char.IsAsciiDigit(text[i]) && text[i] is not ('.' or 'e' or 'E' or '+' or '-')) return false;
        }

        return true;
    }
}
