namespace Onnx.Llama.Tokenization.PreTokenizers;

/// <summary>The expressions that are written out by hand.</summary>
internal static class WordPatterns
{
    /// <summary>The hand-written form of an expression, or null.</summary>
    public static WordPattern? Find(string expression) => expression switch
    {
        Gpt2Pattern.Expression => new Gpt2Pattern(),
        Cl100kPattern.Llama3Expression => new Cl100kPattern(maximumDigits: 3),
        Cl100kPattern.QwenExpression => new Cl100kPattern(maximumDigits: 1),
        O200kPattern.Expression => new O200kPattern(),
        _ => null,
    };
}
