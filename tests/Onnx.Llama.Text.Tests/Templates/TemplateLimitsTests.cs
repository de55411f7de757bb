using Onnx.Llama.Templates;

namespace Onnx.Llama.Text.Tests.Templates;

/// <summary>What a hostile template may not do: run on, fill the memory, overflow the stack, change a value or reach out of the sandbox.</summary>
public sealed class TemplateLimitsTests
{
    [Theory]
    [InlineData("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}")]
    [InlineData("{% for a in range(100000) %}{% for b in range(100000) %}{% break %}{% endfor %}{% endfor %}")]
    [InlineData("{% for a in range(100000) %}{{ range(100000)|sum }}{% endfor %}")]
    [InlineData("{% set x = 'a' * 1000000 %}{% for i in range(100000) %}{{ 'b' in x }}{{ x.find('b') }}{% endfor %}")]
    [InlineData("{% set x = 'a' * 1000000 %}{% for i in range(100000) %}{% set y = {x: 1}[x] %}{% endfor %}")]
    [InlineData("{% set x = [1] * 100000 %}{% set y = [1] * 100000 %}{% for i in range(100000) %}{{ x == y }}{% endfor %}")]
    [InlineData("{% set x = range(100000)|map('string')|list %}{% for i in range(100) %}{{ x|sort|length }}{% endfor %}")]
    [InlineData("{% for i in range(100000) %}{{ 10 ** 4000 // 3 ** 200 }}{% endfor %}")]
    [InlineData("{% for i in range(100000) %}{{ '%.1000f' % 1e-300 }}{% endfor %}")]
    [InlineData("{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}")]
    [InlineData("{% set x = 'a,' * 100000 %}{% for i in range(1000) %}{{ [1]|sort(attribute=x) }}{% endfor %}")]
    public void Render_MoreStepsThanAllowed_SaysSo(string template) => AssertLimit(template, "more than 1000000 steps");

    [Theory]
    [InlineData("{{ 'x' * 10 ** 9 }}")]
    [InlineData("{{ 'x' * 10 ** 18 }}")]
    [InlineData("{{ 'a'|indent(10 ** 9, true) }}")]
    [InlineData("{{ 'a'|center(10 ** 9) }}")]
    [InlineData("{{ 'a'.ljust(10 ** 9) }}")]
    [InlineData("{{ 'a'.zfill(10 ** 9) }}")]
    [InlineData("{{ 'a\tb'.expandtabs(10 ** 9) }}")]
    [InlineData("{{ '%1000000000d' % 1 }}")]
    [InlineData("{{ '%.1000000000f' % 1 }}")]
    [InlineData("{{ '%*d' % (10 ** 9, 1) }}")]
    [InlineData("{{ '{:1000000000}'.format(1) }}")]
    [InlineData("{{ '{:{}}'.format(1, 10 ** 9) }}")]
    [InlineData("{{ '{:.1000000000f}'.format(1.5) }}")]
    [InlineData("{{ d|tojson(indent=10 ** 9) }}")]
    [InlineData("{{ ('a' * 100000).replace('', 'b' * 100000) }}")]
    [InlineData("{{ (['a' * 1000] * 10000)|join('b' * 100000) }}")]
    public void Render_TextLongerThanAllowed_SaysSo(string template) => AssertLimit(template, "characters; at most 67108864 are allowed");

    [Theory]
    [InlineData("{{ [0] * 10 ** 9 }}", "steps")]
    [InlineData("{{ [1]|batch(10 ** 9, 'x')|list }}", "steps")]
    [InlineData("{{ [1]|slice(10 ** 9)|list }}", "steps")]
    [InlineData("{{ 2 ** 10 ** 5 }}", null)]
    [InlineData("{{ 10 ** (10 ** 10) }}", "bits")]
    [InlineData("{{ 10 ** 4000 * 10 ** 4000 }}", "bits")]
    [InlineData("{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}", "elements")]
    [InlineData("{% set ns = namespace(x=[1]) %}{% for i in range(1000) %}{% set ns.x = [ns.x] %}{% endfor %}", "nested deeper than 100")]
    [InlineData("{% set ns = namespace(x={}) %}{% for i in range(1000) %}{% set ns.x = {'a': ns.x} %}{% endfor %}", "nested deeper than 100")]
    [InlineData("{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}", "nested deeper than 200")]
    public void Render_ValueLargerThanAllowed_SaysSo(string template, string? limit)
    {
        if (limit is null) Assert.NotEmpty(JinjaCase.Render(template));
        else AssertLimit(template, limit);
    }

    [Theory]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}")]
    [InlineData("{% for i in [[]] recursive %}{{ loop([[]]) }}{% endfor %}")]
    [InlineData("{% macro m() %}{% call m() %}{{ caller() }}{% endcall %}{% endmacro %}{{ m() }}")]
    [InlineData("{% set ns = namespace() %}{% macro a() %}{{ ns.f() }}{% endmacro %}{% set ns.f = a %}{{ a() }}")]
    public void Render_EndlessRecursion_SaysSo(string template) => AssertLimit(template, "calls nested deeper than 100");

    [Theory]
    [InlineData("{{ range(10 ** 9) }}", "Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).")]
    [InlineData("{{ l.append(1) }}", "access to attribute 'append' of 'list' object is unsafe.")]
    [InlineData("{{ d.update({'a': 1}) }}", "access to attribute 'update' of 'dict' object is unsafe.")]
    [InlineData("{{ d.pop('b') }}", "access to attribute 'pop' of 'dict' object is unsafe.")]
    [InlineData("{{ ''.__class__.__mro__ }}", "access to attribute '__class__' of 'str' object is unsafe.")]
    [InlineData("{{ (l|attr('clear'))() }}", "access to attribute 'clear' of 'list' object is unsafe.")]
    [InlineData("{% set d.x = 1 %}", "cannot assign attribute on non-namespace object")]
    public void Render_ForbiddenAccess_SaysWhatJinja2Says(string template, string expected) =>
        Assert.Contains(expected, JinjaCase.Error(template).Reason, StringComparison.Ordinal);

    [Fact]
    public void Render_LimitsOfTheCaller_AreUsed()
    {
        Assert.Contains("more than 50 steps", JinjaCase.Error("{% for i in range(100) %}x{% endfor %}", new() { MaxSteps = 50 }).Reason, StringComparison.Ordinal);
        Assert.Contains("more than 9 characters", JinjaCase.Error("{% for i in range(10) %}x{% endfor %}", new() { MaxOutputLength = 9 }).Reason, StringComparison.Ordinal);
        Assert.Equal("xxxxxxxxxx", JinjaCase.Render("{% for i in range(10) %}x{% endfor %}", new() { MaxOutputLength = 10 }));
        string recursive = "{% macro m(n) %}{{ n }}{% if n %}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(3) }}";
        Assert.Contains("deeper than 3", JinjaCase.Error(recursive, new() { MaxCallDepth = 3 }).Reason, StringComparison.Ordinal);
        Assert.Equal("3210", JinjaCase.Render(recursive, new() { MaxCallDepth = 4 }));
    }

    [Theory]
    [InlineData("{{ ", "(", "1", ")", " }}")]
    [InlineData("{{ ", "[", "1", "]", " }}")]
    [InlineData("{{ ", "{1:", "1", "}", " }}")]
    [InlineData("{{ ", "-", "1", "", " }}")]
    [InlineData("{{ ", "not ", "1", "", " }}")]
    [InlineData("{{ ", "f(", "1", ")", " }}")]
    [InlineData("{{ ", "a[", "1", "]", " }}")]
    [InlineData("{{ ", "1+", "1", "", " }}")]
    [InlineData("{{ ", "1**", "1", "", " }}")]
    [InlineData("{{ ", "a.", "b", "", " }}")]
    [InlineData("{{ a", "[0]", "", "", " }}")]
    [InlineData("{{ a", "()", "", "", " }}")]
    [InlineData("{{ a", "|string", "", "", " }}")]
    [InlineData("{{ a", " is defined", "", "", " }}")]
    [InlineData("{{ ", "a if b else ", "c", "", " }}")]
    [InlineData("{{ a ", "if b ", "", "", "}}")]
    [InlineData("{{ ", "a and ", "c", "", " }}")]
    [InlineData("{{ ", "a or ", "c", "", " }}")]
    [InlineData("", "{% if a %}", "", "{% endif %}", "")]
    [InlineData("", "{% for a in b %}", "", "{% endfor %}", "")]
    [InlineData("", "{% set a %}", "", "{% endset %}", "")]
    [InlineData("", "{% macro m() %}", "", "{% endmacro %}", "")]
    [InlineData("", "{% call m() %}", "", "{% endcall %}", "")]
    [InlineData("", "{% filter upper %}", "", "{% endfilter %}", "")]
    [InlineData("", "{% with %}", "", "{% endwith %}", "")]
    [InlineData("", "{% generation %}", "", "{% endgeneration %}", "")]
    [InlineData("{% set ", "(", "a", ")", " = 1 %}")]
    public void Parse_NestedAHundredThousandTimes_Refuses(string head, string open, string middle, string close, string tail)
    {
        string template = head + Times(open, 100_000) + middle + Times(close, 100_000) + tail;
        TemplateException exception = Assert.Throws<TemplateException>(() => ChatTemplate.Parse(template, "nested"));
        Assert.True(exception.Line == 1 && exception.Column > 0, exception.Message);
    }

    [Fact]
    public void Parse_LongButFlat_Works()
    {
        Assert.Equal(100_000, JinjaCase.Render(Times("{{ n }}", 100_000)).Length);
        Assert.Equal(100_000, JinjaCase.Render("{{ " + Times("n~", 99_999) + "n }}").Length);
        Assert.Equal("", JinjaCase.Render("{% if no %}x" + Times("{% elif no %}x", 10_000) + "{% endif %}"));
        Assert.Equal("9999", JinjaCase.Render(string.Concat(Enumerable.Range(0, 10_000).Select(i => $"{{% set v{i} = {i} %}}")) + "{{ v9999 }}"));
    }

    [Fact]
    public void Render_OnASmallStack_RefusesInsteadOfOverflowing()
    {
        string template = "{% macro m() %}{{ " + Times("(", 90) + "m()" + Times(")", 90) + " }}{% endmacro %}{{ m() }}";
        Exception? thrown = null;
        Thread thread = new(() => thrown = Record.Exception(() => JinjaCase.Render(template, new() { MaxCallDepth = 1_000_000 })), maxStackSize: 256 << 10);
        thread.Start();
        thread.Join();
        Assert.IsType<TemplateException>(thrown);
    }

    [Fact]
    public void Render_NestedFilterNames_RefusesInsteadOfOverflowing() =>
        AssertLimit("{{ 'a'|map(*(['map'] * 100000))|list }}", "");

    private static void AssertLimit(string template, string limit)
    {
        TemplateException exception = JinjaCase.Error(template);
        Assert.StartsWith("limit exceeded: ", exception.Reason, StringComparison.Ordinal);
        Assert.Contains(limit, exception.Reason, StringComparison.Ordinal);
    }

    private static string Times(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
