namespace Onnx.Llama.Templates.Runtime;

/// <summary>The arguments of a call.</summary>
internal sealed class Arguments(TemplateValue[] positional, KeyValuePair<string, TemplateValue>[] named)
{
    public static readonly Arguments None = new([], []);

    public TemplateValue[] Positional { get; } = positional;

    public KeyValuePair<string, TemplateValue>[] Named { get; } = named;

    public static Arguments Of(params TemplateValue[] positional) => positional.Length == 0 ? None : new(positional, []);

    public TemplateValue? FindNamed(string name)
    {
        foreach ((string key, TemplateValue value) in Named)
        {
            if (key == name) return value;
        }

        return null;
    }

    /// <summary>The arguments by parameter, as Python binds them; null where one is not given. A parameter without a name takes its place only.</summary>
    /// <exception cref="TemplateFault">Too many, too few, doubled or unknown arguments.</exception>
    public TemplateValue?[] Bind(string function, int required, params ReadOnlySpan<string> parameters)
    {
        if (Positional.Length > parameters.Length)
        {
            throw TemplateFault.Type($"{function}() takes at most {Plural(parameters.Length)} ({Positional.Length} given)");
        }

        TemplateValue?[] bound = new TemplateValue?[parameters.Length];
        Positional.CopyTo(bound, 0);
        foreach ((string name, TemplateValue value) in Named)
        {
            int index = name.Length == 0 ? -1 : parameters.IndexOf(name);
            if (index < 0) throw TemplateFault.Type($"{function}() got an unexpected keyword argument '{name}'");
            if (bound[index] is not null) throw TemplateFault.Type($"{function}() got multiple values for argument '{name}'");
            bound[index] = value;
        }

        int missing = bound.AsSpan(0, required).IndexOf((TemplateValue?)null);
        if (missing < 0) return bound;
        throw parameters[missing].Length > 0
            ? TemplateFault.Type($"{function}() missing a required argument: '{parameters[missing]}'")
            : TemplateFault.Type($"{function}() takes at least {Plural(required)} ({Positional.Length} given)");
    }

    /// <summary>No arguments at all.</summary>
    /// <exception cref="TemplateFault">There are arguments.</exception>
    public void BindNone(string function) => Bind(function, 0);

    private static string Plural(int count) => count == 1 ? "1 argument" : $"{count} arguments";
}
