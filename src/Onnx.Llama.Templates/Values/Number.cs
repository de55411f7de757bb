using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Values;

/// <summary>What Python's bool, int and float have in common: they compare and hash alike.</summary>
internal static class Number
{
    public static bool Is(TemplateValue value) => value is IntegerValue or FloatValue or BooleanValue;

    /// <summary>The value of an int or a bool.</summary>
    public static bool TryInteger(TemplateValue value, out BigInteger integer)
    {
        integer = value switch { IntegerValue number => number.Value, BooleanValue truth => truth.Value ? BigInteger.One : BigInteger.Zero, _ => default };
        return value is IntegerValue or BooleanValue;
    }

    /// <summary>The value of an int or a bool as an index; saturated, since no text or list is that long.</summary>
    public static bool TryIndex(TemplateValue value, out long index)
    {
        bool isInteger = TryInteger(value, out BigInteger integer);
        index = integer > long.MaxValue ? long.MaxValue : integer < long.MinValue + 1 ? long.MinValue + 1 : (long)integer;
        return isInteger;
    }

    /// <exception cref="TemplateFault">The value is no number, or an integer beyond the range of a double.</exception>
    public static double ToDouble(TemplateValue value) => value switch
    {
        FloatValue number => number.Value,
        IntegerValue integer => ToDouble(integer.Value),
        BooleanValue truth => truth.Value ? 1 : 0,
        _ => throw TemplateFault.Type($"must be real number, not {value.TypeName}"),
    };

    /// <summary>The nearest double, halves to even, which .NET's own conversion is not for integers of more than 64 bits.</summary>
    public static double ToDouble(BigInteger value)
    {
        double result = Nearest(value);
        return double.IsFinite(result) ? result : throw TemplateFault.Overflow("int too large to convert to float");
    }

    /// <summary>Python's true division of integers: rounded once.</summary>
    public static double Divide(BigInteger left, BigInteger right)
    {
        if (right.IsZero) throw TemplateFault.ZeroDivision("division by zero");
        if (BigInteger.Abs(left) <= 1L << 53 && BigInteger.Abs(right) <= 1L << 53) return (double)left / (double)right;
        int shift = (int)Math.Max(0, right.GetBitLength() - left.GetBitLength() + 70);
        BigInteger quotient = BigInteger.DivRem(BigInteger.Abs(left) << shift, BigInteger.Abs(right), out BigInteger rest);
        double magnitude = Math.ScaleB(Nearest((quotient << 1) | (rest.IsZero ? 0 : 1)), -shift - 1);
        if (!double.IsFinite(magnitude)) throw TemplateFault.Overflow("integer division result too large for a float");
        return left.Sign * right.Sign < 0 ? -magnitude : magnitude;
    }

    public static bool Equal(TemplateValue left, TemplateValue right)
    {
        if (!Is(left) || !Is(right)) return false;
        return left is FloatValue { Value: double.NaN } || right is FloatValue { Value: double.NaN } ? false : Compare(left, right) == 0;
    }

    /// <summary>The exact order of two numbers, neither of them NaN.</summary>
    public static int Compare(TemplateValue left, TemplateValue right)
    {
        bool leftInteger = TryInteger(left, out BigInteger a), rightInteger = TryInteger(right, out BigInteger b);
        if (leftInteger && rightInteger) return a.CompareTo(b);
        if (!leftInteger && !rightInteger) return ((FloatValue)left).Value.CompareTo(((FloatValue)right).Value);
        return leftInteger ? -Compare(((FloatValue)right).Value, a) : Compare(((FloatValue)left).Value, b);
    }

    public static bool IsNaN([NotNullWhen(true)] TemplateValue? value) => value is FloatValue { Value: double.NaN };

    public static int HashCode(BigInteger value) => value.GetHashCode();

    public static int HashCode(double value) =>
        double.IsFinite(value) && Math.Floor(value) == value ? HashCode(new BigInteger(value)) : value.GetHashCode();

    private static int Compare(double left, BigInteger right)
    {
        if (double.IsInfinity(left)) return left > 0 ? 1 : -1;
        int whole = new BigInteger(Math.Floor(left)).CompareTo(right);
        return whole != 0 ? whole : Math.Floor(left) < left ? 1 : 0;
    }

    private static double Nearest(BigInteger value)
    {
        long bits = value.GetBitLength();
        if (bits < 63) return (long)value;
        int shift = (int)(bits - 62);
        BigInteger magnitude = BigInteger.Abs(value);
        ulong top = (ulong)(magnitude >> shift);
        if (!(magnitude & ((BigInteger.One << shift) - 1)).IsZero) top |= 1;
        double result = Math.ScaleB((double)top, shift);
        return value.Sign < 0 ? -result : result;
    }
}
