using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Builtins;

/// <summary>Filters of any value.</summary>
internal static class ValueFilters
{
    public static TemplateValue Attr(RenderContext context, TemplateValue value, Arguments arguments)
    {
        TemplateValue name = arguments.Bind("attr", 1, "name")[0]!;
        string text = context.Text(name);
        context.Charge(text.Length >> 6);
        if (value is UndefinedValue) return value.Attribute(text)!;
        bool isField = value is DictValue;
        return value.Attribute(text) ?? (isField ? UndefinedValue.Member(value, new StringValue(text)) : Members.Attribute(value, new(text), context));
    }

    public static TemplateValue Default(RenderContext context, TemplateValue value, Arguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("default", 0, "default_value", "boolean");
        bool isMissing = value is UndefinedValue || (bound[1] is { IsTrue: true } && !value.IsTrue);
        return isMissing ? bound[0] ?? StringValue.Empty : value;
    }

    public static TemplateValue Length(RenderContext context, TemplateValue value, Arguments arguments)
    {
        arguments.BindNone("len");
        return value.Count() is { } count ? IntegerValue.Of(count) : throw TemplateFault.Type($"object of type '{value.TypeName}' has no len()");
    }

    public static TemplateValue Safe(RenderContext context, TemplateValue value, Arguments arguments)
    {
        arguments.BindNone("safe");
        return new StringValue(context.Text(value), isMarkup: true);
    }

    public static TemplateValue String(RenderContext context, TemplateValue value, Arguments arguments)
    {
        arguments.BindNone("string");
        return value as StringValue ?? new StringValue(context.Text(value));
    }
}
