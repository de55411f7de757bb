using System.Text;
using Onnx.Llama.Templates;
using Onnx.Llama.Testing;
using Onnx.Llama.Text.Tests.Fuzzing;

namespace Onnx.Llama.Text.Tests.Templates;

/// <summary>Damaged templates: only <see cref="TemplateException"/> comes out, within the time and memory of <see cref="FuzzRun"/>.</summary>
public sealed class TemplateFuzzTests
{
    /// <summary>What a template may make for each step that the limits allow.</summary>
    private const int BytesPerStep = 1024;

    private static readonly TemplateLimits s_limits = new() { MaxSteps = 100_000, MaxOutputLength = 1 << 20 };

    private static readonly string[] s_pieces =
    [
        "{{", "}}", "{%", "%}", "{#", "#}", "-", "+", "{%- ", " -%}", "(", ")", "[", "]", "{", "}", "'", "\"", "\\", "|", ".", ",", ":", "=", "==", "~", "*", "**", "/", "//", "%",
        " in ", " not ", " is ", " if ", " else ", " and ", " or ", " for ", " recursive ", "{% raw %}", "{% endraw %}", "{% break %}", "{% continue %}", "{% endif %}", "{% endfor %}",
        "{% else %}", "{% for x in messages %}", "{% for x in range(100000) %}", "{% if x %}", "{% set x = ", "{% set x %}", "{% endset %}", "{% macro m(a, b=1) %}", "{% endmacro %}", "{{ m(m) }}",
        "{% call m() %}", "{% endcall %}", "{{ caller() }}", "{{ loop(messages) }}", "namespace(x=1)", "{% set ns.x = ns %}", "messages", "message", "loop", "tools", "none", "true", "range(100000)",
        "10**9", "'x'*10**9", "1e400", "9999999999999999999999", "0x", "1_0", "[::-1]", "[-1]", "|tojson", "|tojson(indent=99999)", "|indent(99999999)", "|map('map')", "|list", "|string", "|sort",
        "|join(messages)", "|default", "|items", "|selectattr('role')", "|groupby('role')", ".items()", ".split('')", ".replace('','xx')", ".format(x)", "%s", "{0.x}", "{:99999999}", "%99999999d",
        "\u00e9", "\U0001F600", "\ud800", "\0", "\r\n", "\u2028", "{% generation %}", "{% endgeneration %}", "raise_exception('x')", "strftime_now('%')", "__class__", ".append(1)",
    ];

    private static readonly TemplateMessage[] s_messages =
    [
        new("system", "s"), new("user", "Hi <é> 😀"), new TemplateMessage("assistant", "ok").With("tool_calls", TemplateValue.List([])), new("user", TemplateValue.None),
    ];

    [Fact]
    public void ParseAndRender_DamagedTemplates_RefusesOrWorks()
    {
        string[] templates = Templates();
        FuzzRun.Rounds(run =>
        {
            string source = Damage(templates, run.Random);
            run.Bounded<TemplateException>(Encoding.UTF8.GetByteCount(source), BytesPerStep * s_limits.MaxSteps, () =>
            {
                string text = ChatTemplate.Parse(source, "fuzz").Render(new() { Messages = s_messages, Limits = s_limits, TimeProvider = TemplateClock.AtNoon });
                Assert.True(text.Length <= s_limits.MaxOutputLength);
            });
        });
    }

    private static string Damage(string[] templates, Random random)
    {
        StringBuilder text = new(templates[random.Next(templates.Length)]);
        for (int edits = random.Next(1, 8); edits > 0; edits--)
        {
            int at = random.Next(text.Length + 1);
            int length = Math.Min(random.Next(1, 60), text.Length - at);
            switch (random.Next(5))
            {
                case 0: text.Remove(at, length); break;
                case 1: text.Insert(at, text.ToString(at, length)); break;
                case 2: text.Insert(at, string.Concat(Enumerable.Repeat(s_pieces[random.Next(s_pieces.Length)], random.Next(50) == 0 ? random.Next(5000) : 1))); break;
                case 3: Splice(text, at, templates[random.Next(templates.Length)], random); break;
                default: text.Insert(at, s_pieces[random.Next(s_pieces.Length)]).Insert(at, s_pieces[random.Next(s_pieces.Length)]); break;
            }
        }

        return text.ToString();
    }

    private static void Splice(StringBuilder text, int at, string other, Random random)
    {
        int start = random.Next(other.Length);
        text.Insert(at, other.AsSpan(start, Math.Min(random.Next(1, 200), other.Length - start)));
    }

    /// <summary>Templates of the test project, and the real ones where they are at hand.</summary>
    private static string[] Templates()
    {
        string[] own =
        [
            "{% for m in messages %}{{ '<|' + m['role'] + '|>' + (m.content or '') | trim }}{% if not loop.last %}\n{% endif %}{% endfor %}{% if add_generation_prompt %}x{% endif %}",
            "{% set ns = namespace(a='', n=0) %}{% for m in messages if m.content is string %}{% set ns.a = ns.a ~ m.content %}{% set ns.n = ns.n + loop.index %}{% endfor %}{{ ns.a }}{{ ns.n }}",
            "{% macro show(v, d=0) %}{% if v is mapping %}{% for k, x in v|dictsort %}{{ k }}:{{ show(x, d + 1) }}{% endfor %}{% elif v is iterable %}{{ v|join(',') }}{% else %}{{ v|tojson }}{% endif %}{% endmacro %}{{ show(messages[0]) }}",
            "{% for x in [1, [2, [3]]] recursive %}{{ x if x is number else loop(x) }}{{ loop.cycle('a', 'b') }}{% endfor %}{{ '%s-%5.2f' % ('a', 1.5) }}{{ '{:>5}'.format(3) }}{{ messages[::-1][0]['content'][1:] }}",
            "{%- raw -%} {{ x }} {%- endraw -%} {# c #}{% filter upper %}a{% endfilter %}{% with a = 1 %}{{ a }}{% endwith %}{% call(x) m() %}{{ x }}{% endcall %}{{ messages|map(attribute='role')|unique|list }}",
        ];
        string folder = SharedFolder.PathOf("goldens/templates/jinja");
        return Directory.Exists(folder) ? [.. own, .. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllText)] : own;
    }
}
