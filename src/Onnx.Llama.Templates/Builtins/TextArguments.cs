using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Builtins;

/// <summary>Arguments of a certain type.</summary>
internal static class TextArguments
{
    /// <exception cref="TemplateFault">The value is no integer.</exception>
    public static long Index(string function, TemplateValue value)
    {
        if (value is UndefinedValue undefined) throw undefined.Fault();
        if (Number.TryIndex(value, out long index)) return index;
        throw TemplateFault.Type($"{function}(): '{value.TypeName}' object cannot be interpreted as an integer");
    }

    /// <exception cref="TemplateFault">The value is no text.</exception>
    public static string Text(string function, TemplateValue value) =>
        value is StringValue text ? text.Text : throw TemplateFault.Type($"{function}() argument must be str, not {value.TypeName}");
}
