using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Values;

/// <summary>Jinja2's joiner: nothing at its first call, the separator at the others.</summary>
internal sealed class JoinerValue : TemplateValue
{
    private readonly TemplateValue _separator;
    private bool _used;

    public JoinerValue(Arguments arguments) => _separator = arguments.Bind("joiner", 0, "sep")[0] ?? new StringValue(", ");

    internal override string TypeName => "Joiner";

    internal override TemplateValue Call(RenderContext context, Arguments arguments)
    {
        arguments.BindNone("joiner");
        if (_used) return _separator;
        _used = true;
        return StringValue.Empty;
    }

    internal override void WriteRepr(ReprWriter writer) => writer.Append("<Joiner>");
}
