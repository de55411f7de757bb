using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Syntax;

/// <summary>The arguments of a call, as written.</summary>
/// <param name="Positional">By place.</param>
/// <param name="Named">By name.</param>
/// <param name="Spread"><c>*sequence</c>, further ones by place.</param>
/// <param name="NamedSpread"><c>**mapping</c>, further ones by name.</param>
internal sealed record ArgumentList(Expression[] Positional, KeyValuePair<string, Expression>[] Named, Expression? Spread, Expression? NamedSpread)
{
    public static readonly ArgumentList Empty = new([], [], null, null);

    public int Height { get; } = Positional.Concat(Named.Select(argument => argument.Value)).Append(Spread).Append(NamedSpread).Max(part => part?.Height ?? 0);

    /// <param name="context">The rendering.</param>
    /// <param name="scope">The names.</param>
    /// <param name="caller">The body of the call block that calls, if one does.</param>
    public Arguments Evaluate(RenderContext context, Scope scope, TemplateValue? caller = null)
    {
        if (Positional.Length + Named.Length == 0 && Spread is null && NamedSpread is null && caller is null) return Arguments.None;
        TemplateValue[] positional = new TemplateValue[Positional.Length];
        for (int i = 0; i < positional.Length; i++) positional[i] = Positional[i].Evaluate(context, scope);
        if (Spread is not null) positional = [.. positional, .. context.Items(Spread.Evaluate(context, scope))];
        if (Named.Length == 0 && NamedSpread is null && caller is null) return new(positional, []);
        return new(positional, EvaluateNamed(context, scope, caller));
    }

    private KeyValuePair<string, TemplateValue>[] EvaluateNamed(RenderContext context, Scope scope, TemplateValue? caller)
    {
        List<KeyValuePair<string, TemplateValue>> named = [];
        foreach ((string name, Expression value) in Named) named.Add(new(name, value.Evaluate(context, scope)));
        if (caller is not null) named.Add(new("caller", caller));
        if (NamedSpread is not null) AddSpread(named, NamedSpread.Evaluate(context, scope), context);
        return [.. named];
    }

    private static void AddSpread(List<KeyValuePair<string, TemplateValue>> named, TemplateValue spread, RenderContext context)
    {
        if (spread is not DictValue dict) throw TemplateFault.Type($"argument after ** must be a mapping, not {spread.TypeName}");
        int others = named.Count;
        context.Charge(dict.Keys.Length * (1L + (others >> 4)));
        for (int i = 0; i < dict.Keys.Length; i++)
        {
            if (dict.Keys[i] is not StringValue key) throw TemplateFault.Type("keywords must be strings");
            if (named.FindIndex(0, others, argument => argument.Key == key.Text) >= 0)
            {
                throw TemplateFault.Type($"got multiple values for keyword argument '{key.Text}'");
            }

            named.Add(new(key.Text, dict.Values[i]));
        }
    }
}
