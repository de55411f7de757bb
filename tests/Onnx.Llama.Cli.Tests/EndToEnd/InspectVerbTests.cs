using System.Text.Json;
using Onnx.Llama.Cli.Tests.Verification;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Cli.Tests.EndToEnd;

public sealed class InspectVerbTests
{
    [Fact]
    public async Task Inspect_WindowedModel_CountsTheWindowsCachesApart()
    {
        string source = SharedFolder.Require("goldens/models/gemma3");
        using TemporaryFolder folder = new();

        JsonElement model = await JsonAsync(GoldenModels.Convert(source, folder["model"]));

        Assert.Equal(("gemma3_text", "text", 243456), (Text(model, "family"), Text(model, "task"), model.GetProperty("facts").GetProperty("parameters").GetInt64()));
        JsonElement cache = model.GetProperty("cache");
        Assert.Equal(6 * 2 * 2 * 16 * 4, cache.GetProperty("bytes_per_token").GetInt64());
        Assert.Equal(
            [("window", 5, 32), ("full", 1, 0)],
            cache.GetProperty("layers").EnumerateArray().Select(kind => (
                Text(kind, "kind"), kind.GetProperty("count").GetInt32(), kind.TryGetProperty("window", out JsonElement window) ? window.GetInt32() : 0)));
        JsonElement graph = Assert.Single(model.GetProperty("graphs").EnumerateArray());
        Assert.Equal("1.31.0", Text(graph, "least_onnx_runtime"));
        Assert.Equal(6, graph.GetProperty("operators").GetProperty("com.microsoft.GroupQueryAttention").GetInt32());
        Assert.Equal(["default, theta 10000 (5 layers)", "default, theta 1000000 (1 layers)"], model.GetProperty("facts").GetProperty("rope").EnumerateArray().Select(rope => rope.GetString()));
        JsonElement[] providers = [.. model.GetProperty("providers").EnumerateArray()];
        Assert.Equal(["cuda", "directml", "cpu"], providers.Select(provider => Text(provider, "provider")));
        Assert.Equal([false, false, true], providers.Select(provider => provider.GetProperty("taken").GetBoolean()));
    }

    [Fact]
    public async Task Inspect_Checkpoint_ShowsTheGraphThatWouldBeMade()
    {
        string source = Path.Combine(SharedFolder.Repository, "models", "tales");

        JsonElement model = await JsonAsync(source);
        ToolRun text = await ToolRun.OfAsync("inspect", source);

        Assert.True(model.GetProperty("is_checkpoint").GetBoolean());
        Assert.Equal("int4", Text(Assert.Single(model.GetProperty("graphs").EnumerateArray()), "precision"));
        Assert.Contains("parameters     2.55 M (2,549,184)", text.Output, StringComparison.Ordinal);
        Assert.Contains("rotation       default, theta 10000", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_AnotherFolder_SaysWhatWasExpected()
    {
        using TemporaryFolder folder = new();

        ToolRun run = await ToolRun.OfAsync("inspect", folder.Path);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("holds neither onnx_llama.json nor genai_config.json nor config.json; expected a converted model or a checkpoint.", run.Error, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> JsonAsync(string path)
    {
        ToolRun run = await ToolRun.OfAsync("inspect", path, "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        return JsonElement.Parse(run.Output);
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
