namespace Onnx.Llama.Text.Tests.Templates;

/// <summary>Markup, which escapes what is joined to it: what Jinja2 3.1.6 gives for them, with the values of <see cref="JinjaCase"/>.</summary>
public sealed class MarkupTests
{
    [Theory]
    [InlineData("{{ ('<b>'|safe) + '<i>' }}", "<b>&lt;i&gt;")]
    [InlineData("{{ '<i>' + ('<b>'|safe) }}", "&lt;i&gt;<b>")]
    [InlineData("{{ ('<b>'|e) ~ '<i>' }}", "&lt;b&gt;<i>")]
    [InlineData("{{ ('<b>'|safe)|upper + '<' }}", "<B>&lt;")]
    [InlineData("{{ ['<b>'|safe] }}", "[Markup('<b>')]")]
    [InlineData("{{ ('<b>'|safe) is string }}", "True")]
    [InlineData("{{ ('<b>'|safe) is escaped }}", "True")]
    [InlineData("{{ ['<', '>'|safe]|join('&') }}", "<&>")]
    [InlineData("{{ ('%s'|safe) % '<' }}", "&lt;")]
    [InlineData("{{ ('{}'|safe).format('<') }}", "&lt;")]
    [InlineData("{{ '<b>'|safe|trim + '<' }}", "<b>&lt;")]
    [InlineData("{{ d|tojson|safe + '<' }}", "{\"b\": 1, \"A\": [1, 2.5, null, true, \"x'y\"], \"c\": {\"k\": \"v\"}}&lt;")]
    [InlineData("{{ ('a'|safe).join(['<']) }}", "&lt;")]
    [InlineData("{{ ('<'|safe)|replace('<','>') }}", ">")]
    [InlineData("{{ ('<'|safe)|string + '<' }}", "<&lt;")]
    [InlineData("{{ '<'|safe * 2 + '<' }}", "<<&lt;")]
    [InlineData("{{ ('<'|safe)[0] + '<' }}", "<&lt;")]
    [InlineData("{{ '<'|e|e }}", "&lt;")]
    [InlineData("{{ ('<'|safe)|tojson }}", "\"<\"")]
    [InlineData("{{ ('a'|safe) == 'a' }}", "True")]
    [InlineData("{{ ('<a'|safe)|indent + '<' }}", "<a&lt;")]
    [InlineData("{{ ('<a b'|safe).split()[0] + '<' }}", "<a&lt;")]
    [InlineData("{{ {'a':1}['a'|safe] }}", "1")]
    public void Render_Template_EqualsJinja2(string template, string expected) => Assert.Equal(expected, JinjaCase.Render(template));
}
