using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Cli.Tests.EndToEnd;

/// <summary><c>embed</c> and <c>classify</c> on seeded checkpoints with the demo's tokenizer, which are converted into the cache.</summary>
public sealed class HeadVerbsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _embedder;
    private readonly string _classifier;

    public HeadVerbsTests()
    {
        string tokenizer = Path.Combine(SharedFolder.Repository, "models", "tales", "tokenizer.json");
        ReferenceConfig config = TinyCheckpoint.Default with { VocabSize = 976, Layers = 1, MaxPositions = 64 };
        _embedder = TinyHead.Embedder(_folder["embedder"], config, isLast: true, tokenizer).Folder;
        _classifier = TinyHead.Classifier(_folder["classifier"], config, labels: 3, tokenizer).Folder;
        _folder.Write("embedder/config_sentence_transformers.json", """{"prompts": {"query": "Find this: "}, "default_prompt_name": null}""");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Embed_Checkpoint_ConvertsOnceAndPrintsALineForEachText()
    {
        _folder.Write("texts.txt", "an owl\na golden key and an owl\nan owl\n");
        ToolRun lines = await RunAsync(null, "embed", _embedder, "--file", _folder["texts.txt"]);
        ToolRun json = await RunAsync("an owl\na golden key and an owl\nan owl\n", "embed", _embedder, "--json", "--batch", "1");

        Assert.True(lines.ExitCode == 0, lines.Error);
        Assert.Contains("converting embedder to int4, once", lines.Error, StringComparison.Ordinal);
        Assert.Empty(json.Error);
        float[][] numbers = [.. Lines(lines).Select(line => line.Split(' ').Select(number => float.Parse(number, CultureInfo.InvariantCulture)).ToArray())];
        JsonElement[] objects = [.. Lines(json).Select(line => JsonElement.Parse(line))];
        Assert.Equal([0, 1, 2], objects.Select(line => line.GetProperty("index").GetInt32()));
        Assert.All(numbers[0].Zip(numbers[2]), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(1, numbers[i].Sum(number => number * number), 4);
            Assert.Equal(64, objects[i].GetProperty("embedding").GetArrayLength());
            Assert.All(numbers[i].Zip(objects[i].GetProperty("embedding").EnumerateArray()), pair => Assert.Equal(pair.First, pair.Second.GetSingle(), 0.02f));
        }
    }

    [Fact]
    public async Task Embed_Prompt_IsPartOfTheText()
    {
        ToolRun run = await RunAsync(null, "embed", _embedder, "an owl", "--prompt", "query", "--json");
        ToolRun written = await RunAsync(null, "embed", _embedder, "Find this: an owl", "--json");
        ToolRun unknown = await RunAsync(null, "embed", _embedder, "an owl", "--prompt", "passage");

        Assert.Equal(written.Output, run.Output);
        Assert.Equal((2, ""), (unknown.ExitCode, unknown.Output));
        Assert.Contains("--prompt is 'passage'; expected one of query", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_PoolingOfTheModuleChanged_ConvertsAgain()
    {
        ToolRun last = await RunAsync(null, "embed", _embedder, "an owl");
        _folder.Write("embedder/1_Pooling/config.json", """{"pooling_mode_mean_tokens": true}""");
        ToolRun mean = await RunAsync(null, "embed", _embedder, "an owl");

        Assert.Contains("converting", mean.Error, StringComparison.Ordinal);
        Assert.NotEqual(last.Output, mean.Output);
    }

    [Fact]
    public async Task Embed_TextThatIsTooLong_IsNamedByItsLineUnlessCut()
    {
        _folder.Write("texts.jsonl", $$"""
            "an owl"
            {"text": "{{string.Join(' ', Enumerable.Repeat("owl", 100))}}"}
            {"ids": [5, 6]}
            """);
        ToolRun refused = await RunAsync(null, "embed", _embedder, "--jsonl", _folder["texts.jsonl"]);
        ToolRun cut = await RunAsync(null, "embed", _embedder, "--jsonl", _folder["texts.jsonl"], "--truncate", "--json");

        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.Contains("texts.jsonl: line 2: ", refused.Error, StringComparison.Ordinal);
        Assert.Contains("expected 1 to 64, the model's context", refused.Error, StringComparison.Ordinal);
        Assert.Equal(2, JsonElement.Parse(Lines(cut)[2]).GetProperty("tokens").GetInt32());
        Assert.Equal(64, JsonElement.Parse(Lines(cut)[1]).GetProperty("tokens").GetInt32());
    }

    [Theory]
    [InlineData("{\"ids\": []}", "has 0 tokens; expected 1 to 64", 1)]
    [InlineData("{\"ids\": [976]}", "has the token 976; expected 0 to 975", 1)]
    [InlineData("{\"ids\": [1.5]}", "expected a JSON string", 1)]
    [InlineData("{\"ids\": [5]}", "tokens are taken as they are", 2, "--prompt", "query")]
    public async Task Embed_BadTokens_AreNamedByTheirLine(string line, string expected, int code, params string[] more)
    {
        _folder.Write("texts.jsonl", $"\"an owl\"\n{line}\n");
        ToolRun run = await RunAsync(null, ["embed", _embedder, "--jsonl", _folder["texts.jsonl"], .. more]);

        Assert.Equal((code, ""), (run.ExitCode, run.Output));
        Assert.Contains("texts.jsonl: line 2: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_OtherModels_AreRefusedByWhatTheyAre()
    {
        ToolRun classifier = await RunAsync(null, "embed", _classifier, "an owl");
        ToolRun text = await RunAsync(null, "run", _embedder, "an owl");

        Assert.Equal((1, 1), (classifier.ExitCode, text.ExitCode));
        Assert.Contains("task is classify; expected embed", classifier.Error, StringComparison.Ordinal);
        Assert.Contains("task is embed; expected text", text.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Convert_Pooling_MakesAnEmbedderOfADecoder()
    {
        File.Delete(_folder["embedder/modules.json"]);
        ToolRun refused = await RunAsync(null, "embed", _embedder, "an owl");
        ToolRun converted = await ToolRun.OfAsync("convert", _embedder, _folder["model"], "--precision", "fp32", "--pooling", "mean");
        ToolRun run = await RunAsync(null, "embed", _folder["model"], "an owl");
        ToolRun again = await RunAsync(null, "embed", _folder["model"], "an owl", "--pooling", "mean");

        Assert.Equal((1, 0, 0, 2), (refused.ExitCode, converted.ExitCode, run.ExitCode, again.ExitCode));
        Assert.Contains("say --pooling mean or --pooling last", refused.Error, StringComparison.Ordinal);
        Assert.Contains("is converted already", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Classify_Texts_ShowsTheLabelsOfEach()
    {
        ToolRun one = await RunAsync(null, "classify", _classifier, "an owl");
        ToolRun two = await RunAsync(null, "classify", _classifier, "an owl", "a key", "--top", "1");
        ToolRun json = await RunAsync(null, "classify", _classifier, "an owl", "--json");

        Assert.True(one.ExitCode == 0, one.Error);
        Assert.Equal(3, Lines(one).Length);
        Assert.Equal(["an owl", "  " + Lines(one)[0], "a key"], Lines(two)[..3]);
        JsonElement[] labels = [.. JsonElement.Parse(json.Output).GetProperty("labels").EnumerateArray()];
        Assert.Equal(1, labels.Sum(label => label.GetProperty("probability").GetDouble()), 4);
        Assert.StartsWith(labels[0].GetProperty("label").GetString()!, Lines(one)[0], StringComparison.Ordinal);
        Assert.True(labels[0].GetProperty("score").GetDouble() >= labels[1].GetProperty("score").GetDouble());
    }

    [Theory]
    [InlineData("there are no texts", "embed", "MODEL")]
    [InlineData("three ways to give texts; expected one", "embed", "MODEL", "an owl", "--file", "texts.txt")]
    [InlineData("--pooling is 'max'; expected mean or last", "embed", "MODEL", "an owl", "--pooling", "max")]
    [InlineData("--batch is 0; expected at least 1", "embed", "MODEL", "an owl", "--batch", "0")]
    public async Task Verb_WrongUsage_IsExitCode2(string expected, params string[] arguments)
    {
        ToolRun run = await RunAsync(null, [.. arguments.Select(argument => argument == "MODEL" ? _embedder : argument)]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    private static string[] Lines(ToolRun run) => run.Output.TrimEnd('\n').Split('\n');

    private async Task<ToolRun> RunAsync(string? input, params string[] arguments)
    {
        ProcessStartInfo info = ToolRun.StartInfo([.. arguments, "--threads", "1"]);
        info.Environment["ONNX_LLAMA_CACHE"] = _folder["cache"];
        using Process process = Process.Start(info)!;
        if (input is not null) await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        return await ToolRun.FinishAsync(process);
    }
}
