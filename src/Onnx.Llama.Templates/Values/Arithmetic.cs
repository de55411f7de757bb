using System.Numerics;
using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Syntax;
using Onnx.Llama.Templates.Text;

namespace Onnx.Llama.Templates.Values;

/// <summary>Python's arithmetic.</summary>
internal static class Arithmetic
{
    /// <exception cref="TemplateFault">The types do not fit, or the result has no value or is too large.</exception>
    public static TemplateValue Apply(BinaryOperator operation, TemplateValue left, TemplateValue right, RenderContext context)
    {
        if (operation == BinaryOperator.Add && left is StringValue head && right is StringValue tail) return Join(head, tail, context);
        if (operation == BinaryOperator.Modulo && left is StringValue format) return PercentFormat.Apply(format, right, context);
        if (left is UndefinedValue first) throw first.Fault();
        if (right is UndefinedValue second) throw second.Fault();
        if (Number.TryInteger(left, out BigInteger a) && Number.TryInteger(right, out BigInteger b)) return Integers(operation, a, b, context);
        if (Number.Is(left) && Number.Is(right)) return new FloatValue(Floats(operation, Number.ToDouble(left), Number.ToDouble(right)));
        return operation switch
        {
            BinaryOperator.Add when left is SequenceValue x && right is SequenceValue y && x.TypeName == y.TypeName => Join(x, y, context),
            BinaryOperator.Multiply when Number.TryIndex(right, out long count) => Repeat(left, count, context) ?? throw Unsupported(operation, left, right),
            BinaryOperator.Multiply when Number.TryIndex(left, out long count) => Repeat(right, count, context) ?? throw Unsupported(operation, left, right),
            _ => throw Unsupported(operation, left, right),
        };
    }

    public static TemplateValue Sign(TemplateValue operand, bool isNegative)
    {
        if (operand is UndefinedValue undefined) throw undefined.Fault();
        if (Number.TryInteger(operand, out BigInteger integer)) return IntegerValue.Of(isNegative ? -integer : integer);
        if (operand is FloatValue number) return isNegative ? new FloatValue(-number.Value) : number;
        throw TemplateFault.Type($"bad operand type for unary {(isNegative ? '-' : '+')}: '{operand.TypeName}'");
    }

    private static StringValue Join(StringValue left, StringValue right, RenderContext context)
    {
        context.ChargeText((long)left.Text.Length + right.Text.Length);
        if (!left.IsMarkup && !right.IsMarkup) return new(left.Text + right.Text);
        return new(left.ToMarkup().Text + right.ToMarkup().Text, isMarkup: true);
    }

    private static SequenceValue Join(SequenceValue left, SequenceValue right, RenderContext context)
    {
        context.Charge((long)left.Values.Length + right.Values.Length);
        return left.With([.. left.Values, .. right.Values]);
    }

    private static TemplateValue? Repeat(TemplateValue value, long count, RenderContext context)
    {
        count = Math.Clamp(count, 0, int.MaxValue);
        switch (value)
        {
            case StringValue text:
                context.ChargeText(text.Text.Length * count);
                return new StringValue(CodePoints.Repeat(text.Text, (int)count), text.IsMarkup);
            case SequenceValue sequence:
                context.Charge(sequence.Values.Length * count);
                TemplateValue[] values = new TemplateValue[sequence.Values.Length * (int)count];
                for (int at = 0; at < values.Length; at += sequence.Values.Length) sequence.Values.CopyTo(values, at);
                return sequence.With(values);
            default:
                return null;
        }
    }

    private static TemplateValue Integers(BinaryOperator operation, BigInteger left, BigInteger right, RenderContext context)
    {
        context.Charge(IntegerValue.Work(Math.Max(left.GetBitLength(), right.GetBitLength())));
        switch (operation)
        {
            case BinaryOperator.Add: return IntegerValue.Of(left + right);
            case BinaryOperator.Subtract: return IntegerValue.Of(left - right);
            case BinaryOperator.Multiply: return IntegerValue.Of(left * right);
            case BinaryOperator.Divide: return new FloatValue(Number.Divide(left, right));
            case BinaryOperator.Power: return Power(left, right, context);
        }

        if (right.IsZero)
        {
            throw TemplateFault.ZeroDivision(operation == BinaryOperator.Modulo ? "integer modulo by zero" : "integer division or modulo by zero");
        }

        BigInteger quotient = BigInteger.DivRem(left, right, out BigInteger rest);
        bool down = !rest.IsZero && rest.Sign != right.Sign;
        return operation == BinaryOperator.Modulo ? IntegerValue.Of(down ? rest + right : rest) : IntegerValue.Of(down ? quotient - 1 : quotient);
    }

    private static TemplateValue Power(BigInteger left, BigInteger right, RenderContext context)
    {
        if (right.Sign < 0) return new FloatValue(Power(Number.ToDouble(left), Number.ToDouble(right)));
        if (BigInteger.Abs(left) <= 1) return IntegerValue.Of(right.IsZero || (left.Sign < 0 && right.IsEven) ? BigInteger.One : left);
        if (right > IntegerValue.MaxBits || (left.GetBitLength() - 1) * (long)right > IntegerValue.MaxBits)
        {
            throw TemplateFault.Limit($"an integer of more than {IntegerValue.MaxBits} bits");
        }

        context.Charge(IntegerValue.Work(left.GetBitLength() * (long)right));
        return IntegerValue.Of(BigInteger.Pow(left, (int)right));
    }

    private static double Floats(BinaryOperator operation, double left, double right)
    {
        switch (operation)
        {
            case BinaryOperator.Add: return left + right;
            case BinaryOperator.Subtract: return left - right;
            case BinaryOperator.Multiply: return left * right;
            case BinaryOperator.Divide: return right != 0 ? left / right : throw TemplateFault.ZeroDivision("float division by zero");
            case BinaryOperator.Power: return Power(left, right);
        }

        if (right == 0) throw TemplateFault.ZeroDivision(operation == BinaryOperator.Modulo ? "float modulo" : "float floor division by zero");
        return operation == BinaryOperator.Modulo ? Modulo(left, right) : FloorDivide(left, right);
    }

    private static double Modulo(double left, double right)
    {
        double rest = left % right;
        if (rest == 0) return Math.CopySign(0, right);
        return rest < 0 != right < 0 ? rest + right : rest;
    }

    private static double FloorDivide(double left, double right)
    {
        double rest = left % right;
        double quotient = (left - rest) / right;
        if (rest != 0 && rest < 0 != right < 0) quotient -= 1;
        if (quotient == 0) return Math.CopySign(0, left / right);
        double floor = Math.Floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    private static double Power(double left, double right)
    {
        if (left == 0 && right < 0) throw TemplateFault.ZeroDivision("0.0 cannot be raised to a negative power");
        if (left < 0 && double.IsFinite(left) && double.IsFinite(right) && Math.Floor(right) != right)
        {
            throw TemplateFault.Value("complex numbers are not supported");
        }

        double power = Math.Pow(left, right);
        if (double.IsInfinity(power) && double.IsFinite(left) && double.IsFinite(right)) throw TemplateFault.Overflow("(34, 'Numerical result out of range')");
        return left == 1 || right == 0 ? 1 : power;
    }

    private static TemplateFault Unsupported(BinaryOperator operation, TemplateValue left, TemplateValue right)
    {
        if (operation == BinaryOperator.Add && left is (StringValue or SequenceValue))
        {
            return TemplateFault.Type($"can only concatenate {left.TypeName} (not \"{right.TypeName}\") to {left.TypeName}");
        }

        if (operation == BinaryOperator.Multiply && (left is StringValue or SequenceValue || right is StringValue or SequenceValue))
        {
            TemplateValue factor = left is StringValue or SequenceValue ? right : left;
            return TemplateFault.Type($"can't multiply sequence by non-int of type '{factor.TypeName}'");
        }

        return TemplateFault.Type($"unsupported operand type(s) for {Symbol(operation)}: '{left.TypeName}' and '{right.TypeName}'");
    }

    private static string Symbol(BinaryOperator operation) => operation switch
    {
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.FloorDivide => "//",
        BinaryOperator.Modulo => "%",
        _ => "** or pow()",
    };
}
