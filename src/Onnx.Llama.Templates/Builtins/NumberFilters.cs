using System.Numerics;
using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Syntax;
using Onnx.Llama.Templates.Text;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Builtins;

/// <summary>Filters of numbers.</summary>
internal static class NumberFilters
{
    public static TemplateValue Abs(RenderContext context, TemplateValue value, Arguments arguments)
    {
        arguments.BindNone("abs");
        if (Number.TryInteger(value, out BigInteger integer)) return IntegerValue.Of(BigInteger.Abs(integer));
        if (value is FloatValue number) return new FloatValue(Math.Abs(number.Value));
        throw TemplateFault.Type($"bad operand type for abs(): '{value.TypeName}'");
    }

    public static TemplateValue Float(RenderContext context, TemplateValue value, Arguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("float", 0, "default");
        if (value is UndefinedValue undefined) throw undefined.Fault();
        double? number = Number.Is(value) ? Number.ToDouble(value) : value is StringValue text ? NumberText.ParseFloat(text.Text) : null;
        return number is { } result ? new FloatValue(result) : bound[0] ?? new FloatValue(0);
    }

    public static TemplateValue Int(RenderContext context, TemplateValue value, Arguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("int", 0, "default", "base");
        if (value is UndefinedValue undefined) throw undefined.Fault();
        long radix = bound[1] is null ? 10 : TextArguments.Index("int", bound[1]!);
        TemplateValue missing = bound[0] ?? IntegerValue.Of(0);
        if (Number.TryInteger(value, out BigInteger integer)) return IntegerValue.Of(integer);
        if (value is FloatValue number) return Truncate(number.Value, missing);
        if (value is not StringValue text) return missing;
        context.Charge(text.Weight + IntegerValue.Work(4L * Math.Min(text.Text.Length, NumberText.MaxDigits)));
        if (NumberText.ParseInteger(text.Text, radix) is { } parsed) return IntegerValue.Of(parsed);
        return NumberText.ParseFloat(text.Text) is { } fraction ? Truncate(fraction, missing) : missing;
    }

    public static TemplateValue Round(RenderContext context, TemplateValue value, Arguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("round", 0, "precision", "method");
        string method = bound[1] is null ? "common" : context.Text(bound[1]!);
        if (method is not ("common" or "ceil" or "floor")) throw TemplateFault.Runtime("method must be common, ceil or floor");
        if (!Number.Is(value)) throw TemplateFault.Type($"type {value.TypeName} doesn't define __round__ method");
        context.Charge(PercentFormat.FloatWork);
        long precision = bound[0] is null ? 0 : TextArguments.Index("round", bound[0]!);
        if (method == "common") return Rounding.Round(value, precision);
        TemplateValue power = Arithmetic.Apply(BinaryOperator.Power, IntegerValue.Of(10), IntegerValue.Of(precision), context);
        double scaled = Number.ToDouble(Arithmetic.Apply(BinaryOperator.Multiply, value, power, context));
        if (!double.IsFinite(scaled)) throw TemplateFault.Overflow("cannot convert float infinity to integer");
        BigInteger whole = new(method == "ceil" ? Math.Ceiling(scaled) : Math.Floor(scaled));
        return Arithmetic.Apply(BinaryOperator.Divide, IntegerValue.Of(whole), power, context);
    }

    private static TemplateValue Truncate(double value, TemplateValue missing) => double.IsFinite(value) ? IntegerValue.Of(new BigInteger(value)) : missing;
}
