using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Values;

/// <summary>Jinja2's cycler: gives its values in turn.</summary>
internal sealed class CyclerValue : TemplateValue
{
    private readonly TemplateValue[] _values;
    private int _index;

    public CyclerValue(Arguments arguments)
    {
        if (arguments.Named.Length > 0) throw TemplateFault.Type($"cycler() got an unexpected keyword argument '{arguments.Named[0].Key}'");
        if (arguments.Positional.Length == 0) throw TemplateFault.Runtime("at least one item has to be provided");
        _values = arguments.Positional;
    }

    internal override string TypeName => "Cycler";

    internal override TemplateValue? Attribute(string name) => name switch
    {
        "current" => _values[_index],
        "next" => new FunctionValue("method", name, Next),
        "reset" => new FunctionValue("method", name, Reset),
        _ => null,
    };

    internal override void WriteRepr(ReprWriter writer) => writer.Append("<Cycler>");

    private TemplateValue Next(RenderContext context, Arguments arguments)
    {
        arguments.BindNone("next");
        TemplateValue value = _values[_index];
        _index = (_index + 1) % _values.Length;
        return value;
    }

    private TemplateValue Reset(RenderContext context, Arguments arguments)
    {
        arguments.BindNone("reset");
        _index = 0;
        return None;
    }
}
