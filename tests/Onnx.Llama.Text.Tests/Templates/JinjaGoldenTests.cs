using System.Text.Json;
using Onnx.Llama.Templates;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Text.Tests.Templates;

/// <summary>Real templates and snippets, rendered by Jinja2 3.1.6 as transformers sets it up.</summary>
public sealed class JinjaGoldenTests
{
    [Fact]
    public void Render_RealTemplatesWithTheirConversations_EqualsJinja2()
    {
        using JsonDocument cases = Read("conversations.json");
        List<string> failures = [];
        foreach (JsonElement item in cases.RootElement.EnumerateArray())
        {
            string name = item.GetProperty("name").GetString()!;
            Compare(failures, name, item.GetProperty("template").GetString()!, Variables(item.GetProperty("data")), item.GetProperty("expected").GetString()!, null);
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.True(cases.RootElement.GetArrayLength() >= 27);
    }

    [Fact]
    public void Render_RealTemplatesInEveryContext_EqualsJinja2()
    {
        using JsonDocument document = Read("renders.json");
        JsonElement root = document.RootElement;
        List<string> failures = [];
        foreach (JsonElement item in root.GetProperty("results").EnumerateArray())
        {
            string template = item.GetProperty("template").GetString()!;
            string context = item.GetProperty("context").GetString()!;
            Dictionary<string, TemplateValue> variables = Variables(root.GetProperty("base"));
            variables["tools"] = variables["documents"] = TemplateValue.None;
            foreach ((string key, TemplateValue value) in Variables(root.GetProperty("contexts").GetProperty(context))) variables[key] = value;
            string source = File.ReadAllText(SharedFolder.Require($"goldens/templates/jinja/{template}"));
            Compare(failures, $"{template} / {context}", source, variables, Text(item, "text"), Text(item, "message"));
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.True(root.GetProperty("results").GetArrayLength() >= 270);
    }

    [Fact]
    public void Render_Snippets_EqualsJinja2()
    {
        using JsonDocument document = Read("snippets.json");
        JsonElement root = document.RootElement;
        List<string> failures = [];
        foreach (JsonElement item in root.GetProperty("cases").EnumerateArray())
        {
            string source = item.GetProperty("src").GetString()!;
            Compare(failures, source, source, Variables(root.GetProperty("vars")), Text(item, "text"), Text(item, "message"));
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.True(root.GetProperty("cases").GetArrayLength() >= 65);
    }

    private static void Compare(List<string> failures, string name, string source, Dictionary<string, TemplateValue> variables, string? expected, string? error)
    {
        try
        {
            string text = ChatTemplate.Parse(source, name).Render(variables, TemplateClock.AtNoon, TemplateLimits.Default);
            if (text != expected) failures.Add($"{name}:\n--- expected {(expected is null ? $"error {error}" : JsonSerializer.Serialize(expected))}\n--- actual   {JsonSerializer.Serialize(text)}");
        }
        catch (TemplateException exception)
        {
            if (expected is not null || error is null || !exception.Reason.Contains(error, StringComparison.Ordinal)) failures.Add($"{name}: {exception.Message}; expected {expected ?? error}");
        }
    }

    private static JsonDocument Read(string file) => JsonDocument.Parse(File.ReadAllBytes(SharedFolder.Require($"goldens/templates/{file}")));

    private static Dictionary<string, TemplateValue> Variables(JsonElement data) =>
        data.EnumerateObject().ToDictionary(field => field.Name, field => TemplateValue.FromJson(field.Value));

    private static string? Text(JsonElement item, string key) => item.TryGetProperty(key, out JsonElement value) ? value.GetString() : null;
}
