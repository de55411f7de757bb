using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Values;

/// <summary>Python's generator, as <c>map</c> and <c>select</c> give: it can be walked once, and has neither length nor indices.</summary>
internal sealed class IteratorValue(string typeName, TemplateValue[] values) : TemplateValue
{
    private readonly ListValue _list = new(values);
    private bool _walked;

    internal override string TypeName => typeName;

    internal override long Weight => _list.Weight;

    internal override int Nesting => _list.Nesting;

    internal override IReadOnlyList<TemplateValue> Items(RenderContext context)
    {
        if (_walked) return [];
        _walked = true;
        return _list.Values;
    }

    /// <summary>Python prints an address here, which no template can mean.</summary>
    internal override void WriteRepr(ReprWriter writer) => writer.Append($"<{typeName} object>");
}
