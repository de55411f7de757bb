using System.Text.RegularExpressions;
using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.PreTokenizers;

/// <summary>A regular expression of tokenizer.json, run by .NET after an exact translation.</summary>
internal sealed class RegexPattern(Regex regex) : SplitPattern
{
    /// <summary>The pattern of an expression: written out by hand for those that most models share.</summary>
    public static SplitPattern Create(string expression, string file, string key) => expression switch
    {
        Gpt2Pattern.Expression => new Gpt2Pattern(),
        Cl100kPattern.Llama3Expression => new Cl100kPattern(maximumDigits: 3),
        Cl100kPattern.QwenExpression => new Cl100kPattern(maximumDigits: 1),
        _ => new RegexPattern(new Regex(expression, RegexOptions.CultureInvariant)),
    };

    public override void Split(ReadOnlySpan<char> text, List<SplitSegment> segments)
    {
        int end = 0;
        foreach (ValueMatch match in regex.EnumerateMatches(text)) AddMatch(segments, ref end, match.Index, match.Index + match.Length);
        AddRest(segments, end, text.Length);
    }
}
