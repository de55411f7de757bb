using System.Text.Json;
using Onnx.Llama.Cli.Tests.Caching;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Cli.Tests.EndToEnd;

/// <summary><c>--kernels</c>, and what <c>inspect</c> and <c>bench</c> say of it.</summary>
public sealed class KernelsOptionTests : IDisposable
{
    private readonly PrivateCache _cache = new();

    [Fact]
    public async Task Bench_AutoAndStock_SayWhatRan()
    {
        string model = _cache.Model("model");

        JsonElement auto = JsonElement.Parse((await _cache.BenchAsync(model)).Output).GetProperty("kernels");
        JsonElement scalar = JsonElement.Parse((await _cache.BenchAsync(model, ("ONNX_LLAMA_INSTRUCTIONS", "scalar"))).Output).GetProperty("kernels");
        ToolRun stock = await _cache.RunAsync(["bench", model, "--prompt", "2", "--generate", "1", "--repeat", "1", "--threads", "1", "--kernels", "stock"]);

        // Two layers, each q-k-v, o, gate with up, and down; the head.
        Assert.Equal((9, 1), (auto.GetProperty("operators").GetProperty("QuantProduct").GetInt32(), auto.GetProperty("operators").GetProperty("QuantGather").GetInt32()));
        Assert.Equal("scalar", scalar.GetProperty("form").GetString());
        Assert.Contains("\nkernels   ONNX Runtime's own operators alone\n", stock.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_Model_SaysWhatTheKernelsTakeOverAndPacksNothing()
    {
        string model = _cache.Model("model");

        JsonElement kernels = (await _cache.JsonAsync(0, "inspect", model)).GetProperty("kernels");
        ToolRun text = await _cache.RunAsync(["inspect", model]);

        string form = kernels.GetProperty("form").GetString()!;
        Assert.Equal(9, kernels.GetProperty("operators").GetProperty("QuantProduct").GetInt32());
        Assert.Equal(2, kernels.GetProperty("stock").GetProperty("GroupQueryAttention").GetInt32());
        Assert.False(kernels.GetProperty("batch_invariant").GetBoolean());
        Assert.Contains($"kernels        {form}: QuantProduct 9, QuantGather 1\n               ONNX Runtime: ", text.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_cache.Kernels));
    }

    [Fact]
    public async Task Inspect_NothingForTheKernels_SaysSo()
    {
        string source = TinyCheckpoint.Write(_cache["source"], TinyCheckpoint.Default);
        string model = Verification.GoldenModels.Convert(source, _cache["fp32"]);

        JsonElement inspected = await _cache.JsonAsync(0, "inspect", model);

        Assert.False(inspected.TryGetProperty("kernels", out _));
        Assert.Equal("no operator in the graph is theirs", inspected.GetProperty("without_kernels").GetString());
    }

    [Fact]
    public async Task Verify_StockAndAuto_AgreeBeyondTheRoundingThatBothHave()
    {
        string model = _cache.Model("model");
        string reference = ReferenceValues.Write(_cache["model-source"], _cache["reference.safetensors"]);

        JsonElement auto = await _cache.JsonAsync(0, "verify", model, "--reference", reference, "--tolerance", "10", "--threads", "1");
        JsonElement stock = await _cache.JsonAsync(0, "verify", model, "--reference", reference, "--tolerance", "10", "--threads", "1", "--kernels", "stock");

        double kl = stock.GetProperty("mean_kl").GetDouble();
        Assert.InRange(auto.GetProperty("mean_kl").GetDouble(), kl * 0.8, kl * 1.25);
        Assert.NotEqual(kl, auto.GetProperty("mean_kl").GetDouble());
    }

    [Theory]
    [InlineData("run")]
    [InlineData("bench")]
    [InlineData("embed")]
    [InlineData("classify")]
    [InlineData("verify", "--reference", "r")]
    public async Task Kernels_UnknownValue_IsWrongUsageOfEveryVerb(string verb, params string[] more)
    {
        ToolRun run = await _cache.RunAsync([verb, ".", .. more, "--kernels", "best"]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--kernels is 'best'; expected auto or stock.", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _cache.Dispose();
}
