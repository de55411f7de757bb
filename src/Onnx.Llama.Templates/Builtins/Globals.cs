using System.Collections.Frozen;
using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Text;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Builtins;

/// <summary>The functions that every template can call: Jinja2's (but for lipsum, which makes random text) and transformers' two.</summary>
internal static class Globals
{
    private static readonly FrozenDictionary<string, TemplateValue> s_functions = new Dictionary<string, TemplateValue>
    {
        ["cycler"] = new FunctionValue("type", "cycler", (context, arguments) => new CyclerValue(arguments)),
        ["dict"] = new FunctionValue("type", "dict", (context, arguments) => Dict("dict", context, arguments)),
        ["joiner"] = new FunctionValue("type", "joiner", (context, arguments) => new JoinerValue(arguments)),
        ["namespace"] = new FunctionValue("type", "namespace", (context, arguments) => new NamespaceValue(Dict("namespace", context, arguments))),
        ["raise_exception"] = new FunctionValue("function", "raise_exception", RaiseException),
        ["range"] = new FunctionValue("function", "range", Range),
        ["strftime_now"] = new FunctionValue("function", "strftime_now", StrftimeNow),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The function, or null where there is none of this name.</summary>
    public static TemplateValue? Find(string name) => s_functions.GetValueOrDefault(name);

    private static TemplateValue RaiseException(RenderContext context, Arguments arguments) =>
        throw new TemplateFault(context.Text(arguments.Bind("raise_exception", 1, "message")[0]!));

    private static StringValue StrftimeNow(RenderContext context, Arguments arguments)
    {
        string format = TextArguments.Text("strftime_now", arguments.Bind("strftime_now", 1, "format")[0]!);
        context.ChargeText(40L * format.Length);
        return new(Strftime.Format(context.TimeProvider.GetLocalNow().DateTime, format));
    }

    private static RangeValue Range(RenderContext context, Arguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("range", 1, "", "", "");
        long first = TextArguments.Index("range", bound[0]!);
        if (bound[1] is null) return new(0, first, 1);
        return new(first, TextArguments.Index("range", bound[1]!), bound[2] is null ? 1 : TextArguments.Index("range", bound[2]!));
    }

    /// <summary>Python's dict(…): a mapping or pairs, then named values.</summary>
    private static DictValue Dict(string function, RenderContext context, Arguments arguments)
    {
        if (arguments.Positional.Length > 1) throw TemplateFault.Type($"{function} expected at most 1 argument, got {arguments.Positional.Length}");
        DictBuilder builder = new();
        if (arguments.Positional.Length == 1) AddAll(builder, arguments.Positional[0], context);
        foreach ((string name, TemplateValue value) in arguments.Named) builder.Set(new StringValue(name), value);
        return builder.Build();
    }

    private static void AddAll(DictBuilder builder, TemplateValue source, RenderContext context)
    {
        if (source is DictValue dict)
        {
            context.Charge(dict.Weight);
            builder.SetAll(dict);
            return;
        }

        foreach (TemplateValue pair in context.Items(source))
        {
            context.Charge(1);
            IReadOnlyList<TemplateValue> parts = context.Items(pair);
            if (parts.Count != 2) throw TemplateFault.Value($"dictionary update sequence element has length {parts.Count}; 2 is required");
            context.Charge(parts[0].Weight);
            builder.Set(parts[0], parts[1]);
        }
    }
}
