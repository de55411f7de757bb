using System.Globalization;

namespace Onnx.Llama.Templates.Text;

/// <summary>Python's repr of a float: the shortest digits that give it back, an exponent below 1e-4 and from 1e16.</summary>
internal static class FloatText
{
    private const int MinPoint = -4;
    private const int MaxPoint = 16;

    public static string Repr(double value)
    {
        if (double.IsNaN(value)) return "nan";
        if (double.IsInfinity(value)) return value > 0 ? "inf" : "-inf";
        (string digits, int point) = Digits(Math.Abs(value));
        string sign = double.IsNegative(value) ? "-" : "";
        if (point <= MinPoint || point > MaxPoint) return sign + Scientific(digits, point - 1);
        if (point <= 0) return sign + "0." + new string('0', -point) + digits;
        return digits.Length > point ? sign + digits[..point] + "." + digits[point..] : sign + digits + new string('0', point - digits.Length) + ".0";
    }

    private static string Scientific(string digits, int exponent)
    {
        string mantissa = digits.Length == 1 ? digits : digits[..1] + "." + digits[1..];
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }

    /// <summary>The significant digits, and where the decimal point stands before, in or behind them.</summary>
    private static (string Digits, int Point) Digits(double value)
    {
        if (value == 0) return ("0", 1);
        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        int exponentAt = shortest.IndexOf('E', StringComparison.Ordinal);
        string mantissa = exponentAt < 0 ? shortest : shortest[..exponentAt];
        string digits = mantissa.Replace(".", "", StringComparison.Ordinal).Trim('0');
        int point = exponentAt < 0
            ? PointOf(mantissa)
            : int.Parse(shortest.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) + 1;
        return (digits, point);
    }

    private static int PointOf(string plain)
    {
        int dot = plain.IndexOf('.', StringComparison.Ordinal);
        string whole = dot < 0 ? plain : plain[..dot];
        if (whole != "0") return whole.Length;
        int zeros = plain.AsSpan(dot + 1).IndexOfAnyExcept('0');
        return -zeros;
    }
}
