namespace Onnx.Llama.Templates.Values;

/// <summary>Python's None.</summary>
internal sealed class NoneValue : TemplateValue
{
    public static readonly NoneValue Instance = new();

    private NoneValue()
    {
    }

    internal override string TypeName => "NoneType";

    internal override bool IsTrue => false;

    internal override void WriteRepr(ReprWriter writer) => writer.Append("None");

    internal override int HashCode() => 0;
}
