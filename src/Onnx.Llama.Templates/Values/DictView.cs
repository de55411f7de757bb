using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Values;

/// <summary>What <c>keys()</c>, <c>values()</c> and <c>items()</c> give: a sized iterable without indices.</summary>
internal sealed class DictView(string kind, TemplateValue[] values) : TemplateValue
{
    private readonly ListValue _list = new(values);

    internal override string TypeName => kind;

    internal override bool IsTrue => _list.IsTrue;

    internal override long Weight => _list.Weight;

    internal override int Nesting => _list.Nesting;

    internal override int? Count() => _list.Values.Length;

    internal override IReadOnlyList<TemplateValue> Items(RenderContext context) => _list.Values;

    internal override void WriteRepr(ReprWriter writer)
    {
        writer.Append(kind);
        writer.Append("(");
        writer.Repr(_list);
        writer.Append(")");
    }
}
