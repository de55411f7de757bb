using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Values;

/// <summary>Jinja2's joiner: nothing at its first call, the separator at the others.</summary>
internal sealed class JoinerValue(TemplateValue separator) : TemplateValue
{
    private bool _used;

    internal override string TypeName => "Joiner";

    internal override TemplateValue Call(RenderContext context, Arguments arguments)
    {
        arguments.BindNone("joiner");
        if (_used) return separator;
        _used = true;
        return StringValue.Empty;
    }

    internal override void WriteRepr(ReprWriter writer) => writer.Append("<Joiner>");
}
