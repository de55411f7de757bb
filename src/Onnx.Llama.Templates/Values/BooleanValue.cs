using System.Numerics;

namespace Onnx.Llama.Templates.Values;

/// <summary>Python's bool, which is also the integer 0 or 1.</summary>
internal sealed class BooleanValue : TemplateValue
{
    public static readonly BooleanValue True = new(true);

    public static readonly BooleanValue False = new(false);

    private BooleanValue(bool value) => Value = value;

    public bool Value { get; }

    internal override string TypeName => "bool";

    internal override bool IsTrue => Value;

    public static BooleanValue Of(bool value) => value ? True : False;

    internal override void WriteRepr(ReprWriter writer) => writer.Append(Value ? "True" : "False");

    internal override bool IsEqual(TemplateValue other) => ReferenceEquals(this, other) || (other is not BooleanValue && Number.Equal(this, other));

    internal override int HashCode() => Number.HashCode(Value ? BigInteger.One : BigInteger.Zero);
}
