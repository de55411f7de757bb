using Onnx.Llama.Templates.Builtins;

namespace Onnx.Llama.Templates.Values;

/// <summary>Python's tuple.</summary>
internal sealed class TupleValue(TemplateValue[] values) : SequenceValue(values)
{
    internal override string TypeName => "tuple";

    public override SequenceValue With(TemplateValue[] values) => new TupleValue(values);

    internal override void WriteRepr(ReprWriter writer)
    {
        writer.Append("(");
        WriteValues(writer);
        writer.Append(Values.Length == 1 ? ",)" : ")");
    }

    internal override int HashCode()
    {
        HashCode hash = default;
        foreach (TemplateValue value in Values) hash.Add(value.HashCode());
        return hash.ToHashCode();
    }

    internal override TemplateValue? Attribute(string name) => SequenceMethods.Find(this, name);
}
