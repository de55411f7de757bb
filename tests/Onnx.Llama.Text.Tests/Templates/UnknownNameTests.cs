namespace Onnx.Llama.Text.Tests.Templates;

/// <summary>Filters and tests that do not exist: what Jinja2 3.1.6 gives for them, with the values of <see cref="JinjaCase"/>.</summary>
public sealed class UnknownNameTests
{
    [Theory]
    [InlineData("{% if false %}{{ 1|nope }}{% endif %}x", "x")]
    [InlineData("{% if false %}{{ 1 is nope }}{% endif %}x", "x")]
    [InlineData("{{ 1|nope if false }}", "")]
    [InlineData("{{ (1|nope if false) }}", "")]
    [InlineData("{{ [1|nope] if false }}", "")]
    [InlineData("{% if false %}{% set x = 1|nope %}{% endif %}", "")]
    [InlineData("{% if false %}{% with a = 1|nope %}{% endwith %}{% endif %}", "")]
    public void Render_Template_EqualsJinja2(string template, string expected) => Assert.Equal(expected, JinjaCase.Render(template));

    [Theory]
    [InlineData("{% if true %}{{ 1|nope }}{% endif %}x", "No filter named 'nope' found.")]
    [InlineData("{{ 1 if false else 1|nope }}", "No filter named 'nope' found.")]
    [InlineData("{% if 1|nope %}{% endif %}", "No filter named 'nope' found.")]
    [InlineData("{% if false %}{% elif 1|nope %}{% endif %}", "No filter named 'nope' found.")]
    [InlineData("{% if false %}{% else %}{{ 1|nope }}{% endif %}", "No filter named 'nope' found.")]
    public void Render_TemplateThatFails_SaysWhatJinja2Says(string template, string expected) => Assert.Contains(expected, JinjaCase.Error(template).Reason, StringComparison.Ordinal);
}
