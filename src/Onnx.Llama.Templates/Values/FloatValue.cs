using Onnx.Llama.Templates.Text;

namespace Onnx.Llama.Templates.Values;

/// <summary>Python's float, a double.</summary>
internal sealed class FloatValue(double value) : TemplateValue
{
    public double Value { get; } = value;

    internal override string TypeName => "float";

    internal override bool IsTrue => Value != 0;

    internal override void WriteRepr(ReprWriter writer) => writer.Append(FloatText.Repr(Value));

    internal override bool IsEqual(TemplateValue other) => Number.Equal(this, other);

    internal override int HashCode() => Number.HashCode(Value);
}
