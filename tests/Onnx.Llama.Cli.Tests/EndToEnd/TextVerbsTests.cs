using System.Text.Json;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Cli.Tests.EndToEnd;

/// <summary><c>tokenize</c> and <c>template</c>.</summary>
public sealed class TextVerbsTests
{
    private static readonly string s_tales = Path.Combine(SharedFolder.Repository, "models", "tales");

    [Fact]
    public async Task Tokenize_Json_GivesIdsPiecesAndOffsetsThatDecodeToTheText()
    {
        const string Text = "An owl named Zara 🦉.";
        ToolRun encoded = await ToolRun.OfAsync("tokenize", s_tales, Text, "--no-special", "--json");
        using JsonDocument json = JsonDocument.Parse(encoded.Output);
        int[] ids = [.. json.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
        ToolRun decoded = await ToolRun.OfAsync("tokenize", s_tales, "--decode", string.Join(',', ids));

        Assert.Equal(Text + "\n", decoded.Output);
        Assert.Equal(ids.Length, json.RootElement.GetProperty("pieces").GetArrayLength());
        Assert.Equal(Text.Length, json.RootElement.GetProperty("offsets")[ids.Length - 1][1].GetInt32());
    }

    [Fact]
    public async Task Tokenize_Lines_GivesALineForEach()
    {
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "texts.jsonl");
        await File.WriteAllTextAsync(file, "\"owl\"\n{\"text\": \"owl\"}\n{\"ids\": [66, 67]}\n", TestContext.Current.CancellationToken);
        string[] lines = (await ToolRun.OfAsync("tokenize", s_tales, "--jsonl", file)).Output.TrimEnd('\n').Split('\n');

        Assert.Equal(3, lines.Length);
        Assert.Equal(lines[0], lines[1]);
        Assert.Equal("{\"text\":\"cd\"}", lines[2]);
    }

    [Theory]
    [InlineData("{\"x\": 1}", "line 2")]
    [InlineData("not json", "line 2")]
    [InlineData("{\"ids\": [1.5]}", "line 2")]
    [InlineData("{\"text\": null}", "line 2")]
    [InlineData("{\"text\": \"\\ud800\"}", "line 2")]
    public async Task Tokenize_BadLine_IsNamedAndNothingIsPrinted(string line, string expected)
    {
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "texts.jsonl");
        await File.WriteAllTextAsync(file, "\"owl\"\n" + line + "\n", TestContext.Current.CancellationToken);
        ToolRun run = await ToolRun.OfAsync("tokenize", s_tales, "--jsonl", file);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Tokenize_FileThatIsNotUtf8_NamesTheByte()
    {
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "text");
        await File.WriteAllBytesAsync(file, [0x61, 0xFF], TestContext.Current.CancellationToken);
        ToolRun run = await ToolRun.OfAsync("tokenize", s_tales, "--file", file);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("byte 1 is not UTF-8", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Template_Conversation_IsTheTextThatTheModelSees()
    {
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "chat.json");
        await File.WriteAllTextAsync(file, "[{\"role\": \"user\", \"content\": \" Hi \"}]", TestContext.Current.CancellationToken);
        ToolRun open = await ToolRun.OfAsync("template", s_tales, "--messages", file);
        ToolRun closed = await ToolRun.OfAsync("template", s_tales, "--messages", file, "--no-generation-prompt");

        const string Turn = "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>";
        Assert.Equal(Turn + "<|start_header_id|>assistant<|end_header_id|>\n\n", open.Output);
        Assert.Equal(Turn, closed.Output);
    }

    [Theory]
    [InlineData("{}", "[]", "is not a list of messages")]
    [InlineData("[{\"role\": \"\\ud800\"}]", "[]", "not valid Unicode")]
    [InlineData("[]", "{}", "is not a list of tools")]
    public async Task Template_BadFiles_AreNamed(string messages, string tools, string expected)
    {
        using TemporaryFolder folder = new();
        string chat = Path.Combine(folder.Path, "chat.json"), list = Path.Combine(folder.Path, "tools.json");
        await File.WriteAllTextAsync(chat, messages, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(list, tools, TestContext.Current.CancellationToken);
        ToolRun run = await ToolRun.OfAsync("template", s_tales, "--messages", chat, "--tools", list);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"error: {folder.Path}", run.Error, StringComparison.Ordinal);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Template_ArgumentGivenTwice_IsRefused()
    {
        using TemporaryFolder folder = new();
        string chat = Path.Combine(folder.Path, "chat.json");
        await File.WriteAllTextAsync(chat, "[]", TestContext.Current.CancellationToken);
        ToolRun run = await ToolRun.OfAsync("template", s_tales, "--messages", chat, "--arg", "a=1", "--arg", "a=2");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--arg gives 'a' twice", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Template_Json_HasTokensAndTheAssistants()
    {
        using TemporaryFolder folder = new();
        foreach (string name in new[] { "tokenizer.json", "tokenizer_config.json" }) File.Copy(Path.Combine(s_tales, name), Path.Combine(folder.Path, name));
        string template = Path.Combine(folder.Path, "chat_template.jinja"), chat = Path.Combine(folder.Path, "chat.json");
        const string Source = "{% for m in messages %}{{ m.content[:-1] }}{% generation %}{{ m.content[-1:] }}{% endgeneration %}{% endfor %}";
        await File.WriteAllTextAsync(template, Source, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(chat, """[{"role": "assistant", "content": "{}!"}]""", TestContext.Current.CancellationToken);
        ToolRun run = await ToolRun.OfAsync("template", folder.Path, "--messages", chat, "--json");
        ToolRun file = await ToolRun.OfAsync("template", template, "--messages", chat, "--json");

        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal("{}!", json.RootElement.GetProperty("text").GetString());
        Assert.Equal([false, false, true], json.RootElement.GetProperty("assistant_mask").EnumerateArray().Select(bit => bit.GetBoolean()));
        Assert.Equal(3, json.RootElement.GetProperty("ids").GetArrayLength());
        Assert.Equal("{\"text\":\"{}!\"}\n", file.Output);
    }

    [Fact]
    public async Task Template_FileWithArguments_SeesThem()
    {
        using TemporaryFolder folder = new();
        string template = Path.Combine(folder.Path, "t.jinja"), chat = Path.Combine(folder.Path, "chat.json");
        await File.WriteAllTextAsync(template, "{{ n + 1 }} {{ name }} {{ messages | length }}", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(chat, "[]", TestContext.Current.CancellationToken);
        ToolRun run = await ToolRun.OfAsync("template", template, "--messages", chat, "--arg", "n=2", "--arg", "name=Zara");

        Assert.Equal("3 Zara 0", run.Output);
    }

    [Fact]
    public async Task Bench_Json_HasTheFigures()
    {
        using TemporaryFolder folder = new();
        string model = Path.Combine(folder.Path, "tales");
        Assert.Equal(0, (await ToolRun.OfAsync("convert", s_tales, model)).ExitCode);
        ToolRun run = await ToolRun.OfAsync("bench", model, "--prompt", "16", "--generate", "4", "--depth", "8", "--batch", "2", "--repeat", "2", "--threads", "1", "--json");
        using JsonDocument json = JsonDocument.Parse(run.Output);

        Assert.True(json.RootElement.GetProperty("prefill_tokens_per_second").GetProperty("median").GetDouble() > 0);
        Assert.True(json.RootElement.GetProperty("decode_tokens_per_second").GetProperty("median").GetDouble() > 0);
        Assert.True(json.RootElement.GetProperty("peak_memory_bytes").GetInt64() > 0);
        Assert.Equal(1, json.RootElement.GetProperty("machine").GetProperty("threads").GetInt32());
    }
}
