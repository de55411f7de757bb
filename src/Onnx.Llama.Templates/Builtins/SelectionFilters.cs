using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Builtins;

/// <summary>Filters that apply another filter or a test to each element.</summary>
internal static class SelectionFilters
{
    public static TemplateValue Map(RenderContext context, TemplateValue value, Arguments arguments)
    {
        if (!value.IsTrue) return new IteratorValue("generator", []);
        Func<TemplateValue, TemplateValue> map = arguments.Positional.Length == 0 && arguments.FindNamed("attribute") is { } attribute
            ? MapAttribute(context, arguments, attribute)
            : MapFilter(context, arguments);
        return new IteratorValue("generator", [.. context.Items(value).Select(map)]);
    }

    public static TemplateValue Select(RenderContext context, TemplateValue value, Arguments arguments) =>
        Pick(context, value, arguments, byAttribute: false, wanted: true);

    public static TemplateValue Reject(RenderContext context, TemplateValue value, Arguments arguments) =>
        Pick(context, value, arguments, byAttribute: false, wanted: false);

    public static TemplateValue SelectAttr(RenderContext context, TemplateValue value, Arguments arguments) =>
        Pick(context, value, arguments, byAttribute: true, wanted: true);

    public static TemplateValue RejectAttr(RenderContext context, TemplateValue value, Arguments arguments) =>
        Pick(context, value, arguments, byAttribute: true, wanted: false);

    private static Func<TemplateValue, TemplateValue> MapAttribute(RenderContext context, Arguments arguments, TemplateValue attribute)
    {
        foreach ((string name, _) in arguments.Named)
        {
            if (name is not ("attribute" or "default")) throw TemplateFault.Runtime($"Unexpected keyword argument '{name}'");
        }

        AttributePath path = AttributePath.Of(context, attribute, arguments.FindNamed("default"));
        return item => path.Get(item, context);
    }

    private static Func<TemplateValue, TemplateValue> MapFilter(RenderContext context, Arguments arguments)
    {
        if (arguments.Positional.Length == 0) throw TemplateFault.Runtime("map requires a filter argument");
        string name = context.Text(arguments.Positional[0]);
        Filter filter = Filters.Find(name) ?? throw TemplateFault.Runtime($"No filter named '{name}'.");
        context.Charge(arguments.Positional.Length);
        Arguments rest = new(arguments.Positional[1..], arguments.Named);
        return item =>
        {
            context.Step(context.Position);
            return filter(context, item, rest);
        };
    }

    private static IteratorValue Pick(RenderContext context, TemplateValue value, Arguments arguments, bool byAttribute, bool wanted)
    {
        if (!value.IsTrue) return new("generator", []);
        int used = byAttribute ? 1 : 0;
        if (arguments.Positional.Length < used) throw TemplateFault.Runtime("Missing parameter for attribute name");
        AttributePath path = AttributePath.Of(context, byAttribute ? arguments.Positional[0] : null);
        Func<TemplateValue, bool> test = TestOf(context, arguments, used);
        List<TemplateValue> picked = [];
        foreach (TemplateValue item in context.Items(value))
        {
            context.Step(context.Position);
            if (test(path.Get(item, context)) == wanted) picked.Add(item);
        }

        return new("generator", [.. picked]);
    }

    private static Func<TemplateValue, bool> TestOf(RenderContext context, Arguments arguments, int used)
    {
        if (arguments.Positional.Length == used) return item => item.IsTrue;
        string name = context.Text(arguments.Positional[used]);
        Test test = Tests.Find(name) ?? throw TemplateFault.Runtime($"No test named '{name}'.");
        context.Charge(arguments.Positional.Length);
        Arguments rest = new(arguments.Positional[(used + 1)..], arguments.Named);
        return item => test(context, item, rest);
    }
}
