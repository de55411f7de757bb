using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Values;

/// <summary>What <c>groupby</c> gives: a tuple of a key and its elements, with names for both.</summary>
internal sealed class GroupValue(TemplateValue grouper, ListValue list) : SequenceValue([grouper, list])
{
    internal override string TypeName => "tuple";

    public override SequenceValue With(TemplateValue[] values) => new TupleValue(values);

    internal override TemplateValue? Attribute(string name) => name switch { "grouper" => grouper, "list" => list, _ => null };

    internal override void WriteRepr(ReprWriter writer) => new TupleValue(Values).WriteRepr(writer);

    internal override bool IsEqual(TemplateValue other) => new TupleValue(Values).IsEqual(other is GroupValue group ? new TupleValue(group.Values) : other);

    internal override int HashCode() => throw TemplateFault.Type("unhashable type: 'list'");
}
