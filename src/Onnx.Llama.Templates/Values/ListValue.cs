using Onnx.Llama.Templates.Builtins;
using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Values;

/// <summary>Python's list; the sandbox lets nobody change it.</summary>
internal sealed class ListValue(TemplateValue[] values) : SequenceValue(values)
{
    public static readonly ListValue Empty = new([]);

    internal override string TypeName => "list";

    public override SequenceValue With(TemplateValue[] values) => new ListValue(values);

    internal override void WriteRepr(ReprWriter writer)
    {
        writer.Append("[");
        WriteValues(writer);
        writer.Append("]");
    }

    internal override int HashCode() => throw TemplateFault.Type("unhashable type: 'list'");

    internal override TemplateValue? Attribute(string name) => SequenceMethods.Find(this, name);
}
