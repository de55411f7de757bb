using System.Collections.Frozen;
using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Syntax;
using Onnx.Llama.Templates.Text;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Builtins;

/// <summary>Jinja2's tests by name.</summary>
internal static class Tests
{
    private static readonly FrozenDictionary<string, Test> s_tests = new Dictionary<string, Test>
    {
        ["!="] = Compared(ComparisonOperator.NotEqual),
        ["<"] = Compared(ComparisonOperator.Less),
        ["<="] = Compared(ComparisonOperator.LessOrEqual),
        ["=="] = Compared(ComparisonOperator.Equal),
        [">"] = Compared(ComparisonOperator.Greater),
        [">="] = Compared(ComparisonOperator.GreaterOrEqual),
        ["boolean"] = Simple("boolean", value => value is BooleanValue),
        ["callable"] = Simple("callable", value => value is FunctionValue or MacroValue or LoopValue or UndefinedValue),
        ["defined"] = Simple("defined", value => value is not UndefinedValue),
        ["divisibleby"] = DivisibleBy,
        ["eq"] = Compared(ComparisonOperator.Equal),
        ["equalto"] = Compared(ComparisonOperator.Equal),
        ["escaped"] = Simple("escaped", value => value is StringValue { IsMarkup: true }),
        ["even"] = (context, value, arguments) => IsRest("even", context, value, arguments, 0),
        ["false"] = Simple("false", value => ReferenceEquals(value, BooleanValue.False)),
        ["filter"] = (context, value, arguments) => IsName("filter", value, arguments, name => Filters.Find(name) is not null),
        ["float"] = Simple("float", value => value is FloatValue),
        ["ge"] = Compared(ComparisonOperator.GreaterOrEqual),
        ["greaterthan"] = Compared(ComparisonOperator.Greater),
        ["gt"] = Compared(ComparisonOperator.Greater),
        ["in"] = Compared(ComparisonOperator.In),
        ["integer"] = Simple("integer", value => value is IntegerValue),
        ["iterable"] = Simple("iterable", IsIterable),
        ["le"] = Compared(ComparisonOperator.LessOrEqual),
        ["lessthan"] = Compared(ComparisonOperator.Less),
        ["lower"] = (context, value, arguments) => IsCased("lower", context, value, arguments, CharacterClasses.IsLower),
        ["lt"] = Compared(ComparisonOperator.Less),
        ["mapping"] = Simple("mapping", value => value is DictValue),
        ["ne"] = Compared(ComparisonOperator.NotEqual),
        ["none"] = Simple("none", value => value is NoneValue),
        ["number"] = Simple("number", Number.Is),
        ["odd"] = (context, value, arguments) => IsRest("odd", context, value, arguments, 1),
        ["sameas"] = (context, value, arguments) => IsSame(value, arguments.Bind("sameas", 1, "other")[0]!),
        ["sequence"] = Simple("sequence", value => value is StringValue or SequenceValue or DictValue or RangeValue or UndefinedValue),
        ["string"] = Simple("string", value => value is StringValue),
        ["test"] = (context, value, arguments) => IsName("test", value, arguments, name => Find(name) is not null),
        ["true"] = Simple("true", value => ReferenceEquals(value, BooleanValue.True)),
        ["undefined"] = Simple("undefined", value => value is UndefinedValue),
        ["upper"] = (context, value, arguments) => IsCased("upper", context, value, arguments, CharacterClasses.IsUpper),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The test, or null where there is none of this name.</summary>
    public static Test? Find(string name) => s_tests.GetValueOrDefault(name);

    private static Test Simple(string name, Func<TemplateValue, bool> holds) => (context, value, arguments) =>
    {
        arguments.BindNone(name);
        return holds(value);
    };

    private static Test Compared(ComparisonOperator comparison) => (context, value, arguments) =>
        Comparison.Apply(comparison, value, arguments.Bind("test", 1, "other")[0]!, context);

    private static bool IsIterable(TemplateValue value) =>
        value is StringValue or SequenceValue or DictValue or DictView or RangeValue or IteratorValue or LoopValue or UndefinedValue;

    private static bool DivisibleBy(RenderContext context, TemplateValue value, Arguments arguments)
    {
        TemplateValue rest = Arithmetic.Apply(BinaryOperator.Modulo, value, arguments.Bind("divisibleby", 1, "num")[0]!, context);
        return Number.Equal(rest, IntegerValue.Of(0));
    }

    private static bool IsRest(string name, RenderContext context, TemplateValue value, Arguments arguments, int rest)
    {
        arguments.BindNone(name);
        return Number.Equal(Arithmetic.Apply(BinaryOperator.Modulo, value, IntegerValue.Of(2), context), IntegerValue.Of(rest));
    }

    private static bool IsCased(string name, RenderContext context, TemplateValue value, Arguments arguments, Func<string, bool> holds)
    {
        arguments.BindNone(name);
        string text = context.Text(value);
        context.Charge(text.Length >> 3);
        return holds(text);
    }

    private static bool IsName(string name, TemplateValue value, Arguments arguments, Func<string, bool> exists)
    {
        arguments.BindNone(name);
        return value is StringValue text && exists(text.Text);
    }

    /// <summary>Python's identity. Small integers and short texts are one object there; here equal numbers and texts are.</summary>
    private static bool IsSame(TemplateValue left, TemplateValue right) => ReferenceEquals(left, right)
        || (left.GetType() == right.GetType() && left is (IntegerValue or StringValue) && left.IsEqual(right));
}
