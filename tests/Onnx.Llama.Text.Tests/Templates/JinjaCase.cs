using System.Text.Json;
using Onnx.Llama.Templates;

namespace Onnx.Llama.Text.Tests.Templates;

/// <summary>Renders a small template with a fixed set of values.</summary>
internal static class JinjaCase
{
    private const string Values = """
        {
          "d": {"b": 1, "A": [1, 2.5, null, true, "x'y"], "c": {"k": "v"}}, "l": [3, 1, 2], "s": "  Hello, World\n", "u": "ünï 日本 😀",
          "n": 7, "f": 2.0, "e": [], "no": null, "t": true,
          "ms": [{"role": "user", "c": "a"}, {"role": "tool", "c": "b"}, {"role": "user", "c": null}],
          "messages": [], "tools": null, "documents": null, "add_generation_prompt": false
        }
        """;

    private static readonly Dictionary<string, TemplateValue> s_variables = Read();

    public static string Render(string template, TemplateLimits? limits = null) =>
        ChatTemplate.Parse(template, "test").Render(s_variables, TemplateClock.AtNoon, limits ?? TemplateLimits.Default);

    public static TemplateException Error(string template, TemplateLimits? limits = null) => Assert.Throws<TemplateException>(() => Render(template, limits));

    private static Dictionary<string, TemplateValue> Read()
    {
        using JsonDocument document = JsonDocument.Parse(Values);
        return document.RootElement.EnumerateObject().ToDictionary(field => field.Name, field => TemplateValue.FromJson(field.Value));
    }
}
