using System.Globalization;
using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Builtins;

/// <summary>
/// The attribute argument of filters: <c>'a.b'</c> goes down by parts, a part of digits or an integer is an index, none is the element itself.
/// </summary>
internal sealed class AttributePath
{
    private readonly TemplateValue[] _parts;
    private readonly TemplateValue? _default;

    private AttributePath(TemplateValue[] parts, TemplateValue? missing)
    {
        _parts = parts;
        _default = missing;
    }

    public static AttributePath Of(RenderContext context, TemplateValue? attribute, TemplateValue? missing = null)
    {
        TemplateValue? fallback = missing is NoneValue ? null : missing;
        if (attribute is null or NoneValue) return new([], fallback);
        if (attribute is not StringValue text) return new([attribute], fallback);
        context.Charge(text.Text.Length >> 1);
        return new([.. text.Text.Split('.').Select(Part)], fallback);
    }

    public TemplateValue Get(TemplateValue item, RenderContext context)
    {
        context.Charge(1);
        foreach (TemplateValue part in _parts)
        {
            item = Members.Item(item, part, context);
            if (_default is not null && item is UndefinedValue) item = _default;
        }

        return item;
    }

    private static TemplateValue Part(string part) =>
        part.Length is > 0 and < 10 && part.All(char.IsAsciiDigit) ? IntegerValue.Of(int.Parse(part, CultureInfo.InvariantCulture)) : new StringValue(part);
}
