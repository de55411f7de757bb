using System.Globalization;
using System.Numerics;

namespace Onnx.Llama.Templates.Parsing;

/// <summary>Number literals: decimal, <c>0b</c>, <c>0o</c>, <c>0x</c>, fractions, exponents, underscores between digits.</summary>
internal static class NumberSyntax
{
    /// <summary>Python refuses longer literals too.</summary>
    public const int MaxDigits = 4300;

    /// <summary>The end of the number that starts here with a digit.</summary>
    public static (int End, bool IsFloat) Match(string text, int start, bool integerOnly)
    {
        int digits = Digits(text, start);
        if (!integerOnly)
        {
            int fraction = At(text, digits) == '.' ? Digits(text, digits + 1) : -1;
            int mantissa = fraction > digits + 1 ? fraction : digits;
            int end = Exponent(text, mantissa);
            if (end > digits) return (end, true);
        }

        return (Integer(text, start, digits), false);
    }

    public static BigInteger ParseInteger(string digits)
    {
        if (digits.Length < 2 || !char.IsAsciiLetter(digits[1])) return BigInteger.Parse(digits, CultureInfo.InvariantCulture);
        int radix = (digits[1] | ' ') switch { 'b' => 2, 'o' => 8, _ => 16 };
        BigInteger value = BigInteger.Zero;
        foreach (char digit in digits.AsSpan(2)) value = (value * radix) + Convert.ToInt32(digit.ToString(), 16);
        return value;
    }

    private static int Exponent(string text, int mantissa)
    {
        if ((At(text, mantissa) | ' ') != 'e') return mantissa;
        int first = At(text, mantissa + 1) is '+' or '-' ? mantissa + 2 : mantissa + 1;
        int end = Digits(text, first);
        return end > first ? end : mantissa;
    }

    /// <summary>A zero stands alone or before a letter of the radix, as in Python.</summary>
    private static int Integer(string text, int start, int digits)
    {
        if (text[start] != '0') return digits;
        int radix = (At(text, start + 1) | ' ') switch { 'b' => 2, 'o' => 8, 'x' => 16, _ => 0 };
        int end = radix == 0 ? start : RadixDigits(text, start + 2, radix);
        if (end > start + 2) return end;
        end = start + 1;
        while (At(text, end) == '0' || (At(text, end) == '_' && At(text, end + 1) == '0')) end++;
        return end;
    }

    private static int RadixDigits(string text, int at, int radix)
    {
        while (IsDigit(At(text, at), radix) || (At(text, at) == '_' && IsDigit(At(text, at + 1), radix))) at++;
        return at;
    }

    private static int Digits(string text, int at)
    {
        int first = at;
        while (char.IsAsciiDigit(At(text, at)) || (at > first && At(text, at) == '_' && char.IsAsciiDigit(At(text, at + 1)))) at++;
        return at;
    }

    private static bool IsDigit(char c, int radix) => radix switch { 2 => c is '0' or '1', 8 => c is >= '0' and <= '7', _ => char.IsAsciiHexDigit(c) };

    private static char At(string text, int index) => index < text.Length ? text[index] : '\0';
}
