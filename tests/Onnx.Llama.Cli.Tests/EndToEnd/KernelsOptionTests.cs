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

        Assert.Equal((9, 2), Products(auto));
        Assert.Equal(("scalar", (9, 2)), (scalar.GetProperty("form").GetString(), Products(scalar)));
        Assert.Contains("\nkernels   ONNX Runtime's own operators alone\n", stock.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_Model_SaysWhatTheKernelsTakeOverAndPacksNothing()
    {
        string model = _cache.Model("model");

        JsonElement kernels = (await _cache.JsonAsync(0, "inspect", model)).GetProperty("kernels");
        ToolRun text = await _cache.RunAsync(["inspect", model]);

        string form = kernels.GetProperty("form").GetString()!;
        bool invariant = kernels.GetProperty("batch_invariant").GetBoolean();
        Assert.Equal((9, 2), Products(kernels));
        Assert.Equal(1, kernels.GetProperty("stock").GetProperty("Slice").GetInt32());
        Assert.Contains($"kernels        {form}: QuantProduct 9, ", text.Output, StringComparison.Ordinal);
        Assert.Matches(@"\n {15}ONNX Runtime: .*Slice 1", text.Output);
        Assert.Contains($"batch-invariant {(invariant ? "yes" : "no")}: ", text.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_cache.Kernels));
    }

    [Fact]
    public async Task Inspect_NothingForTheKernels_SaysWhy()
    {
        string source = TinyCheckpoint.Write(_cache["source"], TinyCheckpoint.Default);
        await _cache.RunAsync(["convert", source, _cache["cuda"], "--target", "cuda", "--precision", "fp16"]);

        JsonElement inspected = await _cache.JsonAsync(0, "inspect", _cache["cuda"]);

        Assert.False(inspected.TryGetProperty("kernels", out _));
        Assert.Equal("the folder has no graph for the CPU", inspected.GetProperty("without_kernels").GetString());
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

    /// <summary>Two layers, each q-k-v, o, gate with up, and down; the head. And the layers' attention.</summary>
    private static (int Products, int Attentions) Products(JsonElement kernels)
    {
        JsonElement operators = kernels.GetProperty("operators");
        return (operators.GetProperty("QuantProduct").GetInt32(), operators.GetProperty("Attention").GetInt32());
    }
}
