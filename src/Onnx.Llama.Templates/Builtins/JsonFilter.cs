using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Text;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Builtins;

/// <summary>transformers' <c>tojson</c>: Python's json.dumps, by default without escapes for what is not ASCII.</summary>
internal static class JsonFilter
{
    public static TemplateValue ToJson(RenderContext context, TemplateValue value, Arguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");
        string? indent = Indent(bound[1], context);
        (string item, string key) = Separators(bound[2], indent is not null, context);
        context.Charge(value.Weight);
        JsonWriter writer = new(bound[0] is { IsTrue: true }, indent, item, key, bound[3] is { IsTrue: true }, context);
        writer.Write(value);
        return new StringValue(writer.Text);
    }

    private static string? Indent(TemplateValue? indent, RenderContext context)
    {
        if (indent is null or NoneValue) return null;
        if (indent is StringValue text) return text.Text;
        long width = Math.Max(0, TextArguments.Index("tojson", indent));
        context.ChargeText(width);
        return new(' ', (int)width);
    }

    private static (string Item, string Key) Separators(TemplateValue? separators, bool isIndented, RenderContext context)
    {
        if (separators is null or NoneValue) return (isIndented ? "," : ", ", ": ");
        IReadOnlyList<TemplateValue> pair = context.Items(separators);
        if (pair.Count != 2) throw TemplateFault.Value($"tojson() separators are {pair.Count} values; expected 2");
        return (TextArguments.Text("tojson", pair[0]), TextArguments.Text("tojson", pair[1]));
    }
}
