using Onnx.Llama.Text.Tests.Tokenization.Fixtures;
using Onnx.Llama.Tokenization.Expressions;
using Onnx.Llama.Tokenization.PreTokenizers;
using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Text.Tests.Tokenization;

/// <summary>The splits that are written out by hand cut as their regular expressions do.</summary>
public class WordPatternTests
{
    public static TheoryData<string> Expressions =>
    [
        Gpt2Pattern.Expression, Cl100kPattern.Llama3Expression, Cl100kPattern.QwenExpression, O200kPattern.Expression,
        NumberPattern.Expression, CjkPattern.Expression, DeepSeekPattern.Expression, DeepSeekPattern.Expression.Replace(@"\r\n", "\r\n", StringComparison.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Expressions))]
    public void Split_RandomText_EqualsTheRegex(string expression)
    {
        SplitPattern byHand = WordPatterns.Find(expression)!;
        SplitPattern regex = RegexPattern.CreateRegex(expression, "test", "pattern");
        var texts = new BoundaryText(5);
        for (int i = 0; i < 3000; i++)
        {
            string text = texts.Next();
            Assert.Equal(Pieces(regex, text), Pieces(byHand, text));
        }
    }

    [Theory]
    [MemberData(nameof(Expressions))]
    public void Split_ShortTextsOfEveryKindOfCharacter_EqualsTheRegex(string expression)
    {
        SplitPattern byHand = WordPatterns.Find(expression)!;
        SplitPattern regex = RegexPattern.CreateRegex(expression, "test", "pattern");
        string[] kinds = ["a", "A", "ʰ", "中", "\u0301", "1", " ", "\n", "\t", "'", "s", "ſ", "/", "!", "\u200B", "😀", "𝐀", "𝟏", "か", "\U000E0001", "\uD800"];
        foreach (string a in kinds)
        {
            foreach (string b in kinds)
            {
                foreach (string c in kinds) Assert.Equal(Pieces(regex, a + b + c + a), Pieces(byHand, a + b + c + a));
            }
        }
    }

    private static List<string> Pieces(SplitPattern pattern, string text)
    {
        var segments = new List<SplitSegment>();
        pattern.Split(text, segments);
        return [.. segments.Select(segment => text[segment.Start..segment.End])];
    }
}
