using Onnx.Llama.Tokenization;
using Onnx.Llama.Tokenization.Expressions;
using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Text.Tests.Tokenization;

public class RegexPatternTests
{
    [Theory]
    [InlineData(@"\p{L}+", "a𝐀b 𠮷c1", "a𝐀b| |𠮷c|1")]
    [InlineData(@"a++b|a", "aaab aa", "aaab| |a|a")]
    [InlineData(@"\p{N}{2}+", "12345", "1234|5")]
    [InlineData(@"[a-z&&[^aeiou]]+", "strange", "str|a|ng|e")]
    [InlineData(@"[0-9[a-f]]+", "xcafe12z", "x|cafe12|z")]
    [InlineData(@"\h+", "xyzdead", "xyz|dead")]
    [InlineData(@"(?i:'s)", "a'S b'ſ", "a|'S| b|'ſ")]
    [InlineData(@"(?i:s)s|(?i:[^a]+)", "Ss-ß", "Ss|-ß")]
    [InlineData(@"^.", "ab\ncd", "a|b\n|c|d")]
    [InlineData(@".$", "ab\ncd", "a|b|\nc|d")]
    [InlineData(@"\bb", "a b bb", "a |b| |b|b")]
    [InlineData(@"[😀-😎]", "a😃b", "a|😃|b")]
    [InlineData(@"\x{1F600}", "a😀b", "a|😀|b")]
    [InlineData(@"[[:space:]]", "a b", "a| |b")]
    [InlineData(@"[]a]", "b]a", "b|]|a")]
    [InlineData(@"x{,2}y", "xxxy", "x|xxy")]
    [InlineData(@"{|a{b", "{a{b", "{|a{b")]
    public void Split_WhatDotNetReadsOtherwise_CutsAsOnigurumaDoes(string expression, string text, string pieces)
    {
        var segments = new List<SplitSegment>();
        RegexPattern.CreateRegex(expression, "tokenizer.json", "pattern").Split(text, segments);
        Assert.Equal(pieces, string.Join('|', segments.Select(segment => text[segment.Start..segment.End])));
    }

    [Theory]
    [InlineData(@"(", "')' is missing")]
    [InlineData(@"a)", "')' without '('")]
    [InlineData(@"[a", "the expression ends too early")]
    [InlineData(@"*a", "a quantifier without anything before it")]
    [InlineData(@"\p{Klingon}", "the property 'Klingon' is not implemented")]
    [InlineData(@"(a)\1", @"'\1' is not implemented")]
    [InlineData(@"(?<name>a)", "this kind of group is not implemented")]
    [InlineData(@"a{3,2}", "an interval ends before it begins")]
    [InlineData(@"[z-a]", "a range ends before it begins")]
    [InlineData(@"[[:alpha:]]", "the class '[:alpha:]' is not implemented")]
    [InlineData(@"\x{110000}", "'110000' is not the number of a character")]
    [InlineData(@"a{200000}", "a count above 100000")]
    [InlineData(@"(?i:ß)", "'(?i)' with a character that equals several others is not implemented")]
    [InlineData(@"(?i)pass", "'(?i)' with a character that equals several others is not implemented")]
    [InlineData(@"(?i:[À-ü])x", "'(?i)' with a character that equals several others is not implemented")]
    [InlineData(@"(?i)h\x{331}", "'(?i)' with a character that equals several others is not implemented")]
    public void Create_NotTranslated_SaysWhyAndWhere(string expression, string problem)
    {
        TokenizerException error = Assert.Throws<TokenizerException>(() => RegexPattern.Create(expression, "tokenizer.json", "pre_tokenizer.pattern.Regex"));
        Assert.StartsWith($"tokenizer.json: pre_tokenizer.pattern.Regex: the expression '{expression}' cannot be used: {problem}", error.Message, StringComparison.Ordinal);
        Assert.Equal("pre_tokenizer.pattern.Regex", error.Key);
    }

    [Fact]
    public void Split_ExpressionOfExponentialTime_IsStopped()
    {
        RegexPattern pattern = RegexPattern.CreateRegex(@"(?:a|aa)+(?=[cd])", "tokenizer.json", "pattern");
        TokenizerException error = Assert.Throws<TokenizerException>(() => pattern.Split(new string('a', 60) + "b", []));
        Assert.Contains("takes too long", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Split_NestedRepetitionWithoutAssertions_TakesLinearTime()
    {
        var segments = new List<SplitSegment>();
        RegexPattern.CreateRegex(@"(?:a+)+c", "tokenizer.json", "pattern").Split(new string('a', 5000) + "b", segments);
        Assert.Single(segments);
    }
}
