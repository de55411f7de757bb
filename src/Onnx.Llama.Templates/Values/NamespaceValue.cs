using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Values;

/// <summary>Jinja2's namespace: the only value that a template can change, by <c>{% set ns.name = … %}</c>. It may hold itself.</summary>
internal sealed class NamespaceValue(DictValue initial) : TemplateValue
{
    private readonly Dictionary<string, TemplateValue> _values = Initial(initial);

    internal override string TypeName => "Namespace";

    public void Set(string name, TemplateValue value) => _values[name] = value;

    internal override TemplateValue? Attribute(string name) => _values.GetValueOrDefault(name);

    internal override TemplateValue? Item(TemplateValue key, RenderContext context) => key is StringValue name ? Attribute(name.Text) : null;

    internal override void WriteRepr(ReprWriter writer)
    {
        writer.Append("<Namespace {");
        bool first = true;
        foreach ((string name, TemplateValue value) in _values)
        {
            if (!first) writer.Append(", ");
            first = false;
            writer.Repr(new StringValue(name));
            writer.Append(": ");
            writer.Repr(value);
        }

        writer.Append("}>");
    }

    private static Dictionary<string, TemplateValue> Initial(DictValue initial)
    {
        Dictionary<string, TemplateValue> values = new(StringComparer.Ordinal);
        for (int i = 0; i < initial.Keys.Length; i++)
        {
            if (initial.Keys[i] is StringValue name) values[name.Text] = initial.Values[i];
        }

        return values;
    }
}
