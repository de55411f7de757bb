namespace Onnx.Llama.Text.Tests.Templates;

/// <summary>Macros and call blocks: what Jinja2 3.1.6 gives for them, with the values of <see cref="JinjaCase"/>.</summary>
public sealed class MacroTests
{
    [Theory]
    [InlineData("{% macro m(a, b=2) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}{{ m(1,3) }}{{ m(a=1) }}{{ m(b=1) }}", "1213121")]
    [InlineData("{% macro m(a) %}{{ a is defined }}{% endmacro %}{{ m() }}", "False")]
    [InlineData("{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1,2,x=3) }}", "(1, 2){'x': 3}")]
    [InlineData("{% macro m(a, b=a) %}{{ b }}{% endmacro %}{{ m(1) }}", "1")]
    [InlineData("{% macro m() %}x{% endmacro %}{{ m }}", "<Macro 'm'>")]
    [InlineData("{% macro m() %}x{% endmacro %}{{ m.name }}{{ m.arguments }}{{ m.catch_kwargs }}{{ m.catch_varargs }}{{ m.caller }}{{ m.defaults }}", "m()FalseFalseFalse")]
    [InlineData("{% macro m(a) %}{{ caller(a) }}{% endmacro %}{% call(x) m(5) %}[{{ x }}]{% endcall %}", "[5]")]
    [InlineData("{% macro m() %}{{ caller is defined }}{% endmacro %}{{ m() }}", "False")]
    [InlineData("{% macro m(caller=none) %}{{ caller() if caller }}{% endmacro %}{{ m() }}{% call m() %}y{% endcall %}", "y")]
    [InlineData("{% macro m() %}{{ caller() }}{% endmacro %}{% call(x=2) m() %}{{ x }}{% endcall %}", "2")]
    [InlineData("{% macro m() %}{{ n }}{% endmacro %}{% set n = 9 %}{{ m() }}", "9")]
    [InlineData("{% macro m() %}{{ q }}{% endmacro %}{{ m() }}{% set q = 9 %}{{ m() }}", "9")]
    [InlineData("{% macro m() %}{% set q = 1 %}{% endmacro %}{{ m() }}{{ q }}", "")]
    [InlineData("{% for i in l %}{% macro m() %}{{ i }}{% endmacro %}{{ m() }}{% endfor %}", "312")]
    [InlineData("{% for i in l %}{% macro m() %}{{ loop.index }}{% endmacro %}{{ m() }}{% endfor %}", "123")]
    [InlineData("{% if t %}{% macro m() %}x{% endmacro %}{% endif %}{{ m() }}", "x")]
    [InlineData("{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}B{% endmacro %}{{ a() }}", "B")]
    [InlineData("{% macro f(n) %}{% if n > 0 %}{{ n }}{{ f(n-1) }}{% endif %}{% endmacro %}{{ f(20) }}", "2019181716151413121110987654321")]
    [InlineData("{% macro m() %}a{% endmacro %}{{ m()|upper }}{{ m() + 'b' }}{{ m() ~ 1 }}{{ m()|length }}", "Aaba11")]
    [InlineData("{% macro m(x) %}{{ x }}{% endmacro %}{{ m(*[1]) }}{{ m(**{'x':2}) }}", "12")]
    [InlineData("{% macro m(x) %}{% macro k() %}{{ x }}{% endmacro %}{{ k() }}{% endmacro %}{{ m(3) }}", "3")]
    [InlineData("{% macro m() %}{% macro k() %}{{ caller() }}{% endmacro %}{% endmacro %}{% call m() %}{% endcall %}", "")]
    [InlineData("{% set ns = namespace() %}{% macro m() %}{% set ns.x = 5 %}{% endmacro %}{{ m() }}{{ ns.x }}", "5")]
    [InlineData("{% macro m(messages) %}{{ messages }}{% endmacro %}{{ m(1) }}{{ messages }}", "1[]")]
    [InlineData("{% macro m(x=n) %}{{ x }}{% endmacro %}{% set n = 3 %}{{ m() }}", "3")]
    [InlineData("{% macro m(n=n) %}{{ n }}{% endmacro %}{{ m() }}", "")]
    [InlineData("{% macro m() %}{% endmacro %}{{ m.__call__ }}{{ m._func }}", "")]
    public void Render_Template_EqualsJinja2(string template, string expected) => Assert.Equal(expected, JinjaCase.Render(template));

    [Theory]
    [InlineData("{% macro m(a) %}{{ a.x }}{% endmacro %}{{ m() }}", "parameter 'a' was not provided")]
    [InlineData("{% macro m() %}{% endmacro %}{{ m(1) }}", "macro 'm' takes not more than 0 argument(s)")]
    [InlineData("{% macro m() %}{% endmacro %}{{ m(x=1) }}", "macro 'm' takes no keyword argument 'x'")]
    [InlineData("{% macro m(a) %}{% endmacro %}{{ m(1, a=2) }}", "macro 'm' takes no keyword argument 'a'")]
    [InlineData("{% macro m() %}{{ caller() }}{% endmacro %}{{ m() }}", "No caller defined")]
    [InlineData("{% macro m() %}x{% endmacro %}{% call m() %}y{% endcall %}", "macro 'm' was invoked with two values for the special caller argument. This is most likely a bug.")]
    [InlineData("{% call(x=2) m() %}{{ x }}{% endcall %}{% macro m() %}{{ caller() }}{% endmacro %}", "'m' is undefined")]
    [InlineData("{% macro m() %}{{ caller(1) }}{% endmacro %}{% call m() %}{% endcall %}", "macro None takes not more than 0 argument(s)")]
    [InlineData("{{ m() }}{% macro m() %}x{% endmacro %}", "'m' is undefined")]
    [InlineData("{% macro m() %}{% generation %}{{ caller() }}{% endgeneration %}{% endmacro %}{% call m() %}x{% endcall %}", "No caller defined")]
    public void Render_TemplateThatFails_SaysWhatJinja2Says(string template, string expected) => Assert.Contains(expected, JinjaCase.Error(template).Reason, StringComparison.Ordinal);
}
