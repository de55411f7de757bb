using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Runtime;

/// <summary>Attributes and elements, as Jinja2's sandbox gives them out.</summary>
internal static class Members
{
    private static readonly string[] s_objectAttributes =
    [
        "__class__", "__dict__", "__doc__", "__init__", "__module__", "__eq__", "__hash__", "__repr__", "__str__", "__getattribute__",
        "__reduce__", "__reduce_ex__", "__subclasshook__", "__new__", "__dir__", "__format__", "__sizeof__", "__setattr__", "__delattr__",
        "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__init_subclass__", "__getstate__", "__call__", "__len__", "__iter__",
        "__getitem__", "__contains__",
    ];

    /// <summary><c>target.name</c>: the attribute, else the element, else undefined.</summary>
    public static TemplateValue Attribute(TemplateValue target, StringValue name, RenderContext context) =>
        target.Attribute(name.Text) ?? Hidden(target, name.Text) ?? target.Item(name, context) ?? UndefinedValue.Member(target, name);

    /// <summary><c>target[key]</c>: the element, else the attribute, else undefined.</summary>
    public static TemplateValue Item(TemplateValue target, TemplateValue key, RenderContext context)
    {
        if (target.Item(key, context) is { } element) return element;
        return (key is StringValue name ? target.Attribute(name.Text) ?? Hidden(target, name.Text) : null) ?? UndefinedValue.Member(target, key);
    }

    /// <summary><c>target[start:stop:step]</c>, which has no second meaning.</summary>
    /// <exception cref="TemplateFault">The target cannot be sliced.</exception>
    public static TemplateValue Slice(TemplateValue target, TemplateValue slice, RenderContext context) => target.Item(slice, context)
        ?? throw TemplateFault.Type(target is DictValue ? "unhashable type: 'slice'" : $"'{target.TypeName}' object is not subscriptable");

    /// <summary>What Python's objects have and the sandbox keeps: an error when used, not when named.</summary>
    private static UndefinedValue? Hidden(TemplateValue target, string name) =>
        name.StartsWith("__", StringComparison.Ordinal) && Array.IndexOf(s_objectAttributes, name) >= 0 ? UndefinedValue.Unsafe(target, name) : null;
}
