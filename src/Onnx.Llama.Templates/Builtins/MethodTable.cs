using System.Collections.Frozen;
using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Builtins;

/// <summary>The methods of a type, and those that the immutable sandbox keeps.</summary>
internal sealed class MethodTable<T>(Dictionary<string, Func<T, Arguments, RenderContext, TemplateValue>> methods, params string[] forbidden)
    where T : TemplateValue
{
    private readonly FrozenDictionary<string, Func<T, Arguments, RenderContext, TemplateValue>> _methods = methods.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The method of this object; undefined for one that would change it; null where the type has none of this name.</summary>
    public TemplateValue? Find(T self, string name)
    {
        if (_methods.TryGetValue(name, out Func<T, Arguments, RenderContext, TemplateValue>? method))
        {
            return new FunctionValue("builtin_function_or_method", name, (context, arguments) =>
            {
                context.Charge(self is StringValue ? self.Weight : 1);
                TemplateValue result = method(self, arguments, context);
                return self is StringValue { IsMarkup: true } markup ? Like(result, markup) : result;
            });
        }

        return Array.IndexOf(forbidden, name) >= 0 ? UndefinedValue.Unsafe(self, name) : null;
    }

    /// <summary>What the methods of markup give is markup too.</summary>
    private static TemplateValue Like(TemplateValue result, StringValue markup) => result switch
    {
        StringValue text => text.Like(markup),
        SequenceValue parts => parts.With([.. parts.Values.Select(part => Like(part, markup))]),
        _ => result,
    };
}
