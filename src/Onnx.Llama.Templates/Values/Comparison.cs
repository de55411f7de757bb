using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Syntax;

namespace Onnx.Llama.Templates.Values;

/// <summary>Python's comparisons.</summary>
internal static class Comparison
{
    /// <exception cref="TemplateFault">The types have no order, or contain nothing.</exception>
    public static bool Apply(ComparisonOperator comparison, TemplateValue left, TemplateValue right, RenderContext context) => comparison switch
    {
        ComparisonOperator.Equal => context.AreEqual(left, right),
        ComparisonOperator.NotEqual => !context.AreEqual(left, right),
        ComparisonOperator.In => Contains(right, left, context),
        ComparisonOperator.NotIn => !Contains(right, left, context),
        _ => Order(comparison, left, right, context),
    };

    /// <summary>Python's <c>item in container</c>.</summary>
    public static bool Contains(TemplateValue container, TemplateValue item, RenderContext context)
    {
        switch (container)
        {
            case StringValue text:
                if (item is not StringValue part) throw TemplateFault.Type($"'in <string>' requires string as left operand, not {item.TypeName}");
                context.Charge(text.Weight);
                return text.Text.Contains(part.Text, StringComparison.Ordinal);
            case DictValue dict:
                context.Charge(item.Weight);
                return dict.Find(item) is not null;
            case UndefinedValue:
                return false;
            case NamespaceValue or LoopValue or MacroValue or FunctionValue or NoneValue or BooleanValue or IntegerValue or FloatValue:
                throw TemplateFault.Type($"argument of type '{container.TypeName}' is not iterable");
        }

        foreach (TemplateValue candidate in context.Items(container))
        {
            context.Charge(1);
            if (ReferenceEquals(candidate, item) || context.AreEqual(candidate, item)) return true;
        }

        return false;
    }

    /// <summary>The order of two values, as sorting needs it.</summary>
    /// <exception cref="TemplateFault">The types have no order.</exception>
    public static bool IsLess(TemplateValue left, TemplateValue right, RenderContext context) => Order(ComparisonOperator.Less, left, right, context);

    private static bool Order(ComparisonOperator comparison, TemplateValue left, TemplateValue right, RenderContext context)
    {
        if (left is UndefinedValue first) throw first.Fault();
        if (right is UndefinedValue second) throw second.Fault();
        if (Number.Is(left) && Number.Is(right)) return !Number.IsNaN(left) && !Number.IsNaN(right) && Holds(comparison, Number.Compare(left, right));
        if (left is StringValue a && right is StringValue b)
        {
            context.Charge(Math.Min(a.Weight, b.Weight));
            return Holds(comparison, CompareCodePoints(a.Text, b.Text));
        }

        if (left is SequenceValue x && right is SequenceValue y && x.TypeName == y.TypeName) return Order(comparison, x, y, context);
        throw TemplateFault.Type($"'{Symbol(comparison)}' not supported between instances of '{left.TypeName}' and '{right.TypeName}'");
    }

    /// <summary>By the first elements that differ, else by length.</summary>
    private static bool Order(ComparisonOperator comparison, SequenceValue left, SequenceValue right, RenderContext context)
    {
        context.Charge(Math.Min(left.Weight, right.Weight));
        for (int i = 0; i < left.Values.Length && i < right.Values.Length; i++)
        {
            if (!left.Values[i].IsEqual(right.Values[i])) return Order(comparison, left.Values[i], right.Values[i], context);
        }

        return Holds(comparison, left.Values.Length.CompareTo(right.Values.Length));
    }

    /// <summary>The order of code points: UTF-16 differs from it where a surrogate meets U+E000 to U+FFFF.</summary>
    private static int CompareCodePoints(string left, string right)
    {
        int at = left.AsSpan().CommonPrefixLength(right);
        if (at == left.Length || at == right.Length) return left.Length.CompareTo(right.Length);
        char a = left[at], b = right[at];
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
    }

    private static bool Holds(ComparisonOperator comparison, int order) => comparison switch
    {
        ComparisonOperator.Less => order < 0,
        ComparisonOperator.LessOrEqual => order <= 0,
        ComparisonOperator.Greater => order > 0,
        _ => order >= 0,
    };

    private static string Symbol(ComparisonOperator comparison) => comparison switch
    {
        ComparisonOperator.Less => "<",
        ComparisonOperator.LessOrEqual => "<=",
        ComparisonOperator.Greater => ">",
        _ => ">=",
    };
}
