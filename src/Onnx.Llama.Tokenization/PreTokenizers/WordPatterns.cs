namespace Onnx.Llama.Tokenization.PreTokenizers;

/// <summary>The expressions that are written out by hand.</summary>
internal static class WordPatterns
{
    /// <summary>The hand-written form of an expression, or null.</summary>
    public static WordPattern? Find(string expression) => Escaped(expression) switch
    {
        Gpt2Pattern.Expression => new Gpt2Pattern(),
        Cl100kPattern.Llama3Expression => new Cl100kPattern(maximumDigits: 3),
        Cl100kPattern.QwenExpression => new Cl100kPattern(maximumDigits: 1),
        O200kPattern.Expression => new O200kPattern(),
        NumberPattern.Expression => new NumberPattern(),
        CjkPattern.Expression => new CjkPattern(),
        DeepSeekPattern.Expression => new DeepSeekPattern(),
        _ => null,
    };

    // DeepSeek's files have line ends in classes as they are; others write them as escapes.
    private static string Escaped(string expression) =>
        expression.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
