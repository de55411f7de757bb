using System.Globalization;
using System.Numerics;
using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Values;

/// <summary>Python's int: of any size, but not of any length of computation.</summary>
internal sealed class IntegerValue : TemplateValue
{
    /// <summary>The largest integer that is computed, in bits. Python itself refuses to print more than 4300 digits.</summary>
    public const int MaxBits = 1 << 14;

    private const int MaxDigits = 4300;
    private static readonly IntegerValue[] s_small = [.. Enumerable.Range(0, 257).Select(value => new IntegerValue(value))];

    private IntegerValue(BigInteger value) => Value = value;

    public BigInteger Value { get; }

    internal override string TypeName => "int";

    internal override bool IsTrue => !Value.IsZero;

    internal override long Weight => 1 + Work(Value.GetBitLength());

    public static IntegerValue Of(int value) => (uint)value < (uint)s_small.Length ? s_small[value] : new(value);

    /// <exception cref="TemplateFault">The integer is longer than <see cref="MaxBits"/>.</exception>
    public static IntegerValue Of(BigInteger value)
    {
        if (value.GetBitLength() > MaxBits) throw TemplateFault.Limit($"an integer of more than {MaxBits} bits");
        return value.Sign >= 0 && value < s_small.Length ? s_small[(int)value] : new(value);
    }

    /// <summary>The steps of multiplying, dividing or printing numbers of this many bits, which takes time by the square.</summary>
    public static long Work(long bits) => (bits >> 6) * (bits >> 6) >> 6;

    public static string Print(BigInteger value)
    {
        string text = value.ToString(CultureInfo.InvariantCulture);
        return text.Length - (value.Sign < 0 ? 1 : 0) <= MaxDigits
            ? text
            : throw TemplateFault.Value($"Exceeds the limit ({MaxDigits} digits) for integer string conversion");
    }

    internal override void WriteRepr(ReprWriter writer) => writer.Append(Print(Value));

    internal override bool IsEqual(TemplateValue other) => ReferenceEquals(this, other) || Number.Equal(this, other);

    internal override int HashCode() => Number.HashCode(Value);
}
