using Onnx.Llama.Templates;

namespace Onnx.Llama.Text.Tests.Templates;

/// <summary>Where errors are said to be.</summary>
public sealed class TemplateExceptionTests
{
    [Theory]
    [InlineData("{{ a b }}", 1, 6, "unexpected 'b'; expected '}}'")]
    [InlineData("a\n  {{ 'x' 1 }}", 2, 10, "unexpected '1'; expected '}}'")]
    [InlineData("a\r\nb\r\n{{ ) }}", 3, 4, "unexpected ')'")]
    [InlineData("{{ (1] }}", 1, 6, "unexpected ']', expected ')'")]
    [InlineData("{{ a ? b }}", 1, 6, "unexpected character '?'")]
    [InlineData("x\n{{ 'abc", 2, 4, "the string is not closed; expected '")]
    [InlineData("x\n{{ '\\x4' }}", 2, 4, "expected 2 hexadecimal digits")]
    [InlineData("x\n {# abc", 2, 2, "the comment is not closed; expected '#}'")]
    [InlineData("{% raw %}x", 1, 1, "the raw block is not closed; expected 'endraw'")]
    [InlineData("{{ a", 1, 5, "unexpected end of template; expected '}}'")]
    [InlineData("{% if a %}\nx", 2, 2, "unexpected end of template; expected 'elif' or 'else' or 'endif' (the innermost open tag is 'if')")]
    [InlineData("{% for a in b %}\n{% endif %}", 2, 4, "unknown tag 'endif'; expected 'endfor' or 'else' (the innermost open tag is 'for')")]
    [InlineData("\n\n{% foo %}", 3, 4, "unknown tag 'foo'")]
    [InlineData("{% include 'a' %}", 1, 4, "the tag 'include' is not supported")]
    [InlineData("{{ 1\n|nope }}", 2, 2, "No filter named 'nope'.")]
    [InlineData("{{ 1 is nope }}", 1, 6, "No test named 'nope'.")]
    [InlineData("{% break %}", 1, 4, "'break' outside of a loop")]
    [InlineData("{% set true = 1 %}", 1, 8, "can't assign to 'true'")]
    [InlineData("{% macro m(a=1, b) %}{% endmacro %}", 1, 17, "parameter 'b' without a default follows one with a default")]
    [InlineData("{{ f(a=1, b) }}", 1, 5, "invalid order of arguments")]
    [InlineData("{% for in a %}{% endfor %}", 1, 8, "expected a name to assign to")]
    public void Parse_SyntaxError_SaysLineAndColumn(string template, int line, int column, string reason) =>
        AssertAt(Assert.Throws<TemplateException>(() => ChatTemplate.Parse(template, "chat.jinja")), line, column, reason);

    [Theory]
    [InlineData("a\n{{ 1 +\n 'a' }}", 2, 4, "unsupported operand type(s) for +: 'int' and 'str'")]
    [InlineData("{% if true %}\n  {{ x.y }}\n{% endif %}", 2, 7, "'x' is undefined")]
    [InlineData("{{ [1,\n  2|round(1,\n 'x')] }}", 2, 5, "method must be common, ceil or floor")]
    [InlineData("{% for a in\n 5 %}{% endfor %}", 1, 1, "'int' object is not iterable")]
    [InlineData("\n{% set a, b = [1] %}", 2, 1, "not enough values to unpack (expected 2, got 1)")]
    [InlineData("{% macro m() %}\n\n{{ 1/0 }}{% endmacro %}\n{{ m() }}", 3, 4, "division by zero")]
    [InlineData("\n\n  {{ raise_exception('boom') }}", 3, 21, "boom")]
    public void Render_Error_SaysLineAndColumn(string template, int line, int column, string reason) =>
        AssertAt(JinjaCase.Error(template), line, column, reason);

    [Fact]
    public void RaiseException_Text_IsTheReason()
    {
        TemplateException exception = JinjaCase.Error("{{ raise_exception('Conversation roles must alternate') }}");
        Assert.Equal("Conversation roles must alternate", exception.Reason);
        Assert.Equal("test(1,19): Conversation roles must alternate", exception.Message);
        Assert.Equal("test", exception.TemplateName);
    }

    private static void AssertAt(TemplateException exception, int line, int column, string reason)
    {
        Assert.Equal((line, column), (exception.Line, exception.Column));
        Assert.Contains(reason, exception.Reason, StringComparison.Ordinal);
        Assert.StartsWith($"{exception.TemplateName}({line},{column}): ", exception.Message, StringComparison.Ordinal);
    }
}
