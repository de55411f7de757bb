using System.Text.Json;
using Onnx.Llama.Cli.Tests.Verification;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Cli.Tests.EndToEnd;

public sealed class VerifyVerbTests(ReferenceModel reference) : IClassFixture<ReferenceModel>
{
    [Fact]
    public async Task Verify_Json_HasEveryFigureAndExitCode0()
    {
        ToolRun run = await ToolRun.OfAsync("verify", reference.Folder, "--reference", reference.ReferenceFile, "--json");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(
            [
                "positions", "head", "texts", "max_abs_diff", "max_diff_in_std", "top1_agreement", "mean_kl", "greedy_matched", "greedy_total", "long_max_diff_in_std",
                "tolerance_in_std", "passed",
            ],
            JsonElement.Parse(run.Output).EnumerateObject().Select(figure => figure.Name));
    }

    [Fact]
    public async Task Verify_NamedVariant_RunsItWhereItWasAskedFor()
    {
        ToolRun run = await ToolRun.OfAsync("verify", reference.Folder, "--reference", reference.ReferenceFile, "--variant", "cpu", "--provider", "cpu");
        ToolRun absent = await ToolRun.OfAsync("verify", reference.Folder, "--reference", reference.ReferenceFile, "--variant", "cuda", "--provider", "cpu");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal((1, ""), (absent.ExitCode, absent.Output));
        Assert.Contains("has no variant 'cuda'; expected one of cpu (model.onnx)", absent.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_ProviderWithoutAVariant_SaysSo()
    {
        ToolRun run = await ToolRun.OfAsync("verify", reference.Folder, "--reference", reference.ReferenceFile, "--provider", "cuda");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("Cuda: " + reference.Folder + " has no variant for it", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_PartsAbsent_AreNull()
    {
        ToolRun run = await ToolRun.OfAsync("verify", reference.Folder, "--reference", reference.Rewritten(("logits", null), ("long_logits", null)), "--json");

        JsonElement report = JsonElement.Parse(run.Output);
        Assert.Equal(JsonValueKind.Null, report.GetProperty("max_diff_in_std").ValueKind);
        Assert.Equal(JsonValueKind.Null, report.GetProperty("long_max_diff_in_std").ValueKind);
        Assert.True(report.GetProperty("passed").GetBoolean());
    }

    [Fact]
    public async Task Verify_WrongGreedyToken_IsExitCode1()
    {
        int[] greedy = reference["greedy"].Ids();
        greedy[^1] ^= 1;

        ToolRun run = await ToolRun.OfAsync("verify", reference.Folder, "--reference", reference.Rewritten(("greedy", ReferenceModel.Ids(greedy))));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("7 of 8 tokens", run.Output, StringComparison.Ordinal);
        Assert.Contains("FAILED", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_AnotherVocabulary_IsNamedWithExitCode1() => await AssertRefusedAsync(
        "'logits' is [12, 2] F32; expected rows of 320, the model's vocabulary", ("logits", new ReferenceTensor("F32", [12, 2], new byte[96])));

    [Fact]
    public async Task Verify_NothingToCompare_IsNamedWithExitCode1() => await AssertRefusedAsync("has nothing to compare", ("ids", null), ("long_ids", null));

    private async Task AssertRefusedAsync(string expected, params (string Name, ReferenceTensor? Tensor)[] changes)
    {
        string file = reference.Rewritten(changes);

        ToolRun run = await ToolRun.OfAsync("verify", reference.Folder, "--reference", file);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains($"error: {file}: {expected}", run.Error, StringComparison.Ordinal);
    }
}
