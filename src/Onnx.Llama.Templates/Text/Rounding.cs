using System.Globalization;
using System.Numerics;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Text;

/// <summary>Rounding to decimal places of the exact value, halves to even, as Python does.</summary>
internal static class Rounding
{
    /// <summary>No double has more decimal places than this.</summary>
    public const int MaxPlaces = 1074;

    private const int MaxPowerOfTen = 330;

    /// <summary>Python's <c>round(value, precision)</c> of a number.</summary>
    public static TemplateValue Round(TemplateValue value, long precision)
    {
        if (Number.TryInteger(value, out BigInteger integer)) return IntegerValue.Of(precision >= 0 ? integer : RoundInteger(integer, precision));
        double number = ((FloatValue)value).Value;
        if (!double.IsFinite(number) || precision > MaxPlaces) return value;
        if (precision < -MaxPowerOfTen) return new FloatValue(Math.CopySign(0, number));
        BigInteger scaled = Scaled(number, (int)precision);
        string decimalText = string.Create(CultureInfo.InvariantCulture, $"{scaled}e{-precision}");
        double rounded = double.Parse(decimalText, CultureInfo.InvariantCulture);
        return new FloatValue(Math.CopySign(rounded, number));
    }

    /// <summary>The integer nearest to value times ten to the places, halves to even.</summary>
    public static BigInteger Scaled(double value, int places)
    {
        long bits = BitConverter.DoubleToInt64Bits(Math.Abs(value));
        int exponent = (int)(bits >> 52);
        BigInteger numerator = exponent == 0 ? bits & 0xFFFFFFFFFFFFF : (bits & 0xFFFFFFFFFFFFF) | (1L << 52);
        int power = Math.Max(exponent, 1) - 1075;
        BigInteger denominator = BigInteger.One;
        if (power >= 0) numerator <<= power;
        else denominator <<= -power;
        if (places >= 0) numerator *= BigInteger.Pow(10, places);
        else denominator *= BigInteger.Pow(10, -places);
        BigInteger rounded = Nearest(numerator, denominator);
        return value < 0 ? -rounded : rounded;
    }

    private static BigInteger RoundInteger(BigInteger value, long precision)
    {
        if (-precision > IntegerValue.MaxBits / 3) return BigInteger.Zero;
        BigInteger unit = BigInteger.Pow(10, (int)-precision);
        BigInteger rounded = Nearest(BigInteger.Abs(value), unit) * unit;
        return value.Sign < 0 ? -rounded : rounded;
    }

    private static BigInteger Nearest(BigInteger numerator, BigInteger denominator)
    {
        BigInteger quotient = BigInteger.DivRem(numerator, denominator, out BigInteger rest);
        int half = (rest * 2).CompareTo(denominator);
        return half > 0 || (half == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }
}
