using System.Diagnostics;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Cli.Tests.EndToEnd;

/// <summary><c>run</c> on the demo checkpoint, which lies in the repository.</summary>
public sealed class RunVerbTests : IDisposable
{
    private const string Question = "Tell me a story about an owl named Zara and a golden key.";

    private static readonly string s_tales = Path.Combine(SharedFolder.Repository, "models", "tales");
    private readonly TemporaryFolder _cache = new();

    public void Dispose() => _cache.Dispose();

    [Fact]
    public async Task Run_Checkpoint_ConvertsOnceAndPrintsTheAnswerAlone()
    {
        ToolRun first = await RunAsync(null, s_tales, Question, "--max-tokens", "40");
        ToolRun second = await RunAsync(null, s_tales, Question, "--max-tokens", "40");

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        Assert.Contains("converting tales to int4", first.Error, StringComparison.Ordinal);
        Assert.Empty(second.Error);
        Assert.Equal(first.Output, second.Output);
        Assert.True(first.Output.Split(' ').Length > 15, first.Output);
        Assert.DoesNotContain("<|", first.Output, StringComparison.Ordinal);
        Assert.Single(Directory.GetDirectories(Path.Combine(_cache.Path, "models")));
    }

    [Fact]
    public async Task Run_PipedPrompt_AnswersAsTheArgumentDoes()
    {
        ToolRun argument = await RunAsync(null, s_tales, Question, "--max-tokens", "24");
        ToolRun piped = await RunAsync(Question, s_tales, "--max-tokens", "24");

        Assert.Equal(argument.Output, piped.Output);
    }

    [Fact]
    public async Task Run_SameSeed_GivesTheSameTextAndAnotherSeedAnother()
    {
        string[] drawing = [s_tales, "Once upon a time", "--raw", "--max-tokens", "40", "--temperature", "1.2", "--seed"];
        ToolRun one = await RunAsync(null, [.. drawing, "1"]);
        ToolRun again = await RunAsync(null, [.. drawing, "1"]);
        ToolRun other = await RunAsync(null, [.. drawing, "2"]);

        Assert.Equal(one.Output, again.Output);
        Assert.NotEqual(one.Output, other.Output);
    }

    [Fact]
    public async Task Run_StopString_EndsBeforeIt()
    {
        ToolRun whole = await RunAsync(null, s_tales, Question);
        string stop = whole.Output.Split(' ')[6];
        ToolRun stopped = await RunAsync(null, s_tales, Question, "--stop", stop);

        Assert.Equal(whole.Output[..whole.Output.IndexOf(stop, StringComparison.Ordinal)], stopped.Output.TrimEnd('\n'));
    }

    [Fact]
    public async Task Run_Stats_StandOnStandardError()
    {
        ToolRun run = await RunAsync(null, s_tales, Question, "--max-tokens", "8", "--stats");

        Assert.Contains("tokens/s", run.Error, StringComparison.Ordinal);
        Assert.Contains("generated  8 tokens", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("tokens/s", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Chat_RemembersItsTurnsAndEndsWithTheInput()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "needs script (util-linux) for a terminal");
        await RunAsync(null, s_tales, Question, "--max-tokens", "1");
        ToolRun chat = await OnTerminalAsync("What kind of animal is Finn?\nWhat is the moral?\n");

        Assert.Equal(0, chat.ExitCode);
        Assert.Equal(3, chat.Output.Split("> ").Length - 1);
    }

    [Theory]
    [InlineData("nowhere", "does not exist", 1)]
    [InlineData("", "is empty", 1)]
    public async Task Run_NoModel_SaysWhatTheFolderIs(string name, string expected, int code)
    {
        using TemporaryFolder folder = new();
        ToolRun run = await RunAsync(null, Path.Combine(folder.Path, name));

        Assert.Equal(code, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Run_EmptyPrompt_IsWrongUsage()
    {
        ToolRun empty = await RunAsync(null, s_tales, "");
        ToolRun piped = await RunAsync("", s_tales);

        Assert.Equal((2, 2), (empty.ExitCode, piped.ExitCode));
        Assert.Contains("PROMPT is empty", empty.Error, StringComparison.Ordinal);
        Assert.Contains("standard input is empty", piped.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_PromptLongerThanTheContext_NamesBothLengths()
    {
        ToolRun run = await RunAsync(string.Join(' ', Enumerable.Repeat("owl", 3000)), s_tales);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("2048", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ModelWithoutTokenizer_IsRefusedByName()
    {
        using TemporaryFolder folder = new();
        string source = TinyCheckpoint.Write(folder["source"], TinyCheckpoint.Default);
        ToolRun run = await RunAsync(null, source, Question);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("tokenizer", run.Error, StringComparison.Ordinal);
    }

    private async Task<ToolRun> RunAsync(string? input, params string[] arguments)
    {
        ProcessStartInfo info = ToolRun.StartInfo(["run", .. arguments, "--threads", "1"]);
        info.Environment["ONNX_LLAMA_CACHE"] = _cache.Path;
        using Process process = Process.Start(info)!;
        if (input is not null) await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        return await ToolRun.FinishAsync(process);
    }

    /// <summary>Runs the chat on a pseudo-terminal; the input ends with Ctrl-D.</summary>
    private async Task<ToolRun> OnTerminalAsync(string input)
    {
        ProcessStartInfo tool = ToolRun.StartInfo("run", s_tales, "--max-tokens", "12", "--threads", "1");
        ProcessStartInfo info = new("/usr/bin/script", ["-qec", string.Join(' ', tool.ArgumentList.Prepend(tool.FileName)), "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["ONNX_LLAMA_CACHE"] = _cache.Path;
        using Process process = Process.Start(info)!;
        await process.StandardInput.WriteAsync(input + "\u0004");
        process.StandardInput.Close();
        return await ToolRun.FinishAsync(process);
    }
}
