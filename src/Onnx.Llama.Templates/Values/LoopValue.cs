using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Syntax;

namespace Onnx.Llama.Templates.Values;

/// <summary>The variable <c>loop</c>.</summary>
internal sealed class LoopValue(ForStatement statement, IReadOnlyList<TemplateValue> items, int depth, Scope scope) : TemplateValue
{
    private TemplateValue? _lastChanged;

    /// <summary>The round, counted from 0.</summary>
    public int Index { get; set; }

    internal override string TypeName => "LoopContext";

    internal override int? Count() => items.Count;

    internal override TemplateValue Call(RenderContext context, Arguments arguments) =>
        statement.Recurse(arguments.Bind("loop", 1, "iterable")[0]!, depth + 1, context, scope);

    internal override TemplateValue? Attribute(string name) => name switch
    {
        "index" => IntegerValue.Of(Index + 1),
        "index0" => IntegerValue.Of(Index),
        "revindex" => IntegerValue.Of(items.Count - Index),
        "revindex0" => IntegerValue.Of(items.Count - Index - 1),
        "first" => BooleanValue.Of(Index == 0),
        "last" => BooleanValue.Of(Index == items.Count - 1),
        "length" => IntegerValue.Of(items.Count),
        "depth" => IntegerValue.Of(depth + 1),
        "depth0" => IntegerValue.Of(depth),
        "previtem" => Index > 0 ? items[Index - 1] : UndefinedValue.Because("there is no previous item"),
        "nextitem" => Index + 1 < items.Count ? items[Index + 1] : UndefinedValue.Because("there is no next item"),
        "cycle" => new FunctionValue("method", name, Cycle),
        "changed" => new FunctionValue("method", name, Changed),
        _ => null,
    };

    internal override void WriteRepr(ReprWriter writer)
    {
        writer.Append("<LoopContext ");
        writer.Repr(IntegerValue.Of(Index + 1));
        writer.Append("/");
        writer.Repr(IntegerValue.Of(items.Count));
        writer.Append(">");
    }

    private TemplateValue Cycle(RenderContext context, Arguments arguments)
    {
        TemplateValue[] values = arguments.Positional;
        return values.Length > 0 ? values[Index % values.Length] : throw TemplateFault.Type("no items for cycling given");
    }

    private BooleanValue Changed(RenderContext context, Arguments arguments)
    {
        TupleValue values = new(arguments.Positional);
        bool changed = _lastChanged is null || !context.AreEqual(_lastChanged, values);
        _lastChanged = values;
        return BooleanValue.Of(changed);
    }
}
