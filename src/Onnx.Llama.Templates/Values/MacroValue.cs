using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Syntax;
using Onnx.Llama.Templates.Text;

namespace Onnx.Llama.Templates.Values;

/// <summary>A macro, or the body of a call block, with the names of the place where it stands.</summary>
internal sealed class MacroValue(Macro macro, Scope scope) : TemplateValue
{
    internal override string TypeName => "Macro";

    internal override TemplateValue? Attribute(string name) => name switch
    {
        "name" => macro.Name is null ? None : new StringValue(macro.Name),
        "arguments" => new TupleValue([.. macro.Parameters.Select(parameter => new StringValue(parameter))]),
        "catch_kwargs" => BooleanValue.Of(macro.Uses.HasFlag(MacroNames.KwArgs)),
        "catch_varargs" => BooleanValue.Of(macro.Uses.HasFlag(MacroNames.VarArgs)),
        "caller" => BooleanValue.Of(macro.Uses.HasFlag(MacroNames.Caller)),
        _ => null,
    };

    internal override void WriteRepr(ReprWriter writer)
    {
        writer.Append("<Macro ");
        writer.Append(macro.Name is null ? "anonymous" : PythonText.Quote(macro.Name));
        writer.Append(">");
    }

    internal override TemplateValue Call(RenderContext context, Arguments arguments)
    {
        context.Enter();
        Scope inner = new(scope);
        Bind(arguments, context, inner);
        int start = context.OutputLength;
        macro.Body.Render(context, inner);
        context.Leave();
        return context.Cut(start);
    }

    private void Bind(Arguments arguments, RenderContext context, Scope inner)
    {
        context.Charge(arguments.Positional.Length + (arguments.Named.Length * (1L + (macro.Parameters.Length >> 4))));
        List<KeyValuePair<string, TemplateValue>> named = [.. arguments.Named];
        bool[] isMissing = new bool[macro.Parameters.Length];
        bool callerIsParameter = Array.IndexOf(macro.Parameters, "caller") >= 0;
        for (int i = 0; i < macro.Parameters.Length; i++)
        {
            string parameter = macro.Parameters[i];
            TemplateValue? value = i < arguments.Positional.Length ? arguments.Positional[i] : TakeNamed(named, parameter);
            isMissing[i] = value is null;
            inner.Set(parameter, value ?? UndefinedValue.Because($"parameter {PythonText.Quote(parameter)} was not provided"));
        }

        // A default may read the parameters, its own too, which is not set then.
        for (int i = 0; i < isMissing.Length; i++)
        {
            if (isMissing[i] && macro.Defaults[i] is { } value) inner.Set(macro.Parameters[i], value.Evaluate(context, inner));
        }

        if (macro.Uses.HasFlag(MacroNames.Caller) && !callerIsParameter)
        {
            inner.Set("caller", TakeNamed(named, "caller") ?? UndefinedValue.Because("No caller defined"));
        }

        BindRest(arguments.Positional.AsSpan(Math.Min(macro.Parameters.Length, arguments.Positional.Length)), named, inner);
    }

    private void BindRest(ReadOnlySpan<TemplateValue> positional, List<KeyValuePair<string, TemplateValue>> named, Scope inner)
    {
        string name = macro.Name is null ? "None" : PythonText.Quote(macro.Name);
        if (macro.Uses.HasFlag(MacroNames.KwArgs)) inner.Set("kwargs", Mapping(named));
        else if (named.Count > 0) throw TemplateFault.Type(Unexpected(name, named));
        if (macro.Uses.HasFlag(MacroNames.VarArgs)) inner.Set("varargs", new TupleValue(positional.ToArray()));
        else if (positional.Length > 0) throw TemplateFault.Type($"macro {name} takes not more than {macro.Parameters.Length} argument(s)");
    }

    private static string Unexpected(string name, List<KeyValuePair<string, TemplateValue>> named) => named.Any(argument => argument.Key == "caller")
        ? $"macro {name} was invoked with two values for the special caller argument. This is most likely a bug."
        : $"macro {name} takes no keyword argument {PythonText.Quote(named[0].Key)}";

    private static TemplateValue? TakeNamed(List<KeyValuePair<string, TemplateValue>> named, string name)
    {
        int index = named.FindIndex(argument => argument.Key == name);
        if (index < 0) return null;
        TemplateValue value = named[index].Value;
        named.RemoveAt(index);
        return value;
    }
}
