using Onnx.Llama.Tokenization.Expressions;
using Onnx.Llama.Tokenization.PreTokenizers;

namespace Onnx.Llama.Tokenization.Loading;

/// <summary>Reads a pattern: <c>{"String": …}</c> or <c>{"Regex": …}</c>.</summary>
internal static class SplitPatternReader
{
    public static SplitPattern Read(JsonSection section)
    {
        if (section.OptionalText("String") is { } text) return new LiteralPattern(text);
        JsonSection expression = section.Member("Regex");
        if (expression.IsNull) throw section.Expected("{\"String\": …} or {\"Regex\": …}");
        return RegexPattern.Create(expression.AsText(), expression.File, expression.Key);
    }
}
