using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Onnx.Llama.Cli.Opening;
using Onnx.Llama.Cli.Tests.EndToEnd;
using Onnx.Llama.Kernels.Cache;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Cli.Tests.Caching;

/// <summary>The first opening of a model on a machine packs its weights; what can stand against that reaches the user and no more.</summary>
public sealed class PackingTests : IDisposable
{
    /// <summary>70 MB packed: long enough to be caught at it.</summary>
    private static readonly ReferenceConfig s_large = TinyCheckpoint.Default with
    {
        VocabSize = 32768,
        HiddenSize = 1024,
        IntermediateSize = 2816,
        Heads = 16,
        KvHeads = 8,
        HeadDim = 64,
    };

    private readonly PrivateCache _cache = new();

    [Fact]
    public async Task Open_Twice_PacksOnceAndIsQuiet()
    {
        string model = _cache.Model("model");

        ToolRun first = await _cache.BenchAsync(model);
        ToolRun second = await _cache.BenchAsync(model);

        Assert.Equal((0, 0, "", ""), (first.ExitCode, second.ExitCode, first.Error, second.Error));
        Assert.Equal((true, false), (Packed(first), Packed(second)));
        Assert.Single(_cache.Packed);
    }

    [Fact]
    public async Task Open_Interrupted_IsExitCode130AndLeavesNothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");
        string model = _cache.Model("large", s_large);
        using Process process = Process.Start(_cache.StartInfo(["bench", model, "--prompt", "2", "--generate", "1", "--repeat", "1", "--threads", "1"]))!;
        process.StandardInput.Close();
        while (!process.HasExited && !(Directory.Exists(_cache.Kernels) && Directory.EnumerateDirectories(_cache.Kernels).Any()))
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        using Process signal = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
        ToolRun run = await ToolRun.FinishAsync(process);

        Assert.Equal((130, ""), (run.ExitCode, run.Output));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_cache.Kernels));
    }

    [Fact]
    public void Open_CancelledAtTheFirstReport_ThrowsAndLeavesNothing()
    {
        string model = _cache.Model("model");
        using CancellationTokenSource source = new();
        ModelOptions options = new() { Threads = 1, KernelCache = new KernelCache(_cache.Kernels), PackingProgress = new Canceller(source) };

        Assert.ThrowsAny<OperationCanceledException>(() => LanguageModel.Open(model, options, source.Token));

        Assert.True(source.IsCancellationRequested);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_cache.Kernels));
    }

    [Fact]
    public void Open_ThroughTheVerbsHelper_SaysWhetherItPacked()
    {
        string model = _cache.Model("model");
        ModelOptions options = new() { Threads = 1, KernelCache = new KernelCache(_cache.Kernels) };
        ModelOpening first = new();
        ModelOpening second = new();
        ModelOpening stock = new();

        using (LanguageModel opened = first.Open(LanguageModel.Open, model, options, CancellationToken.None)) Assert.NotNull(opened.Kernels);
        using (LanguageModel opened = second.Open(LanguageModel.Open, model, options, CancellationToken.None)) Assert.NotNull(opened.Kernels);
        options = options with { Kernels = KernelChoice.Stock };
        using (LanguageModel opened = stock.Open(LanguageModel.Open, model, options, CancellationToken.None)) Assert.Null(opened.Kernels);

        Assert.Equal((true, false, false), (first.Packed, second.Packed, stock.Packed));
    }

    [Fact]
    public async Task Open_OnATerminal_ShowsABarOnlyWhereItPacks()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "needs script (util-linux) for a terminal");
        string model = _cache.Model("large", s_large);

        ToolRun first = await OnTerminalAsync(model);
        ToolRun second = await OnTerminalAsync(model);

        Assert.Contains("packing large", first.Output, StringComparison.Ordinal);
        Assert.Contains("%", first.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("packing", second.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("━", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_CacheThatCannotBeWritten_PacksInMemoryAndSaysSo()
    {
        string model = _cache.Model("model");
        Directory.CreateDirectory(_cache.Path);
        File.WriteAllText(_cache.Kernels, "a file where the folder should be");

        ToolRun run = await _cache.BenchAsync(model);

        Assert.Equal(0, run.ExitCode);
        string note = $"note: {Path.Combine(model, "model.onnx")}: weights are packed in memory each time, since the cache cannot be written: ";
        Assert.StartsWith(note, run.Error, StringComparison.Ordinal);
        Assert.True(Packed(run));
    }

    [Fact]
    public async Task Open_FileInPlaceOfTheEntry_PacksInMemoryAndSaysSo()
    {
        string model = _cache.Model("model");
        await _cache.BenchAsync(model);
        string entry = _cache.Packed[0];
        Directory.Delete(entry, recursive: true);
        File.WriteAllText(entry, "a file in its place");

        ToolRun run = await _cache.BenchAsync(model);
        JsonElement content = await _cache.JsonAsync(0, "cache", "list");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("weights are packed in memory each time", run.Error, StringComparison.Ordinal);
        Assert.Equal([Path.GetRelativePath(_cache.Path, entry)], content.GetProperty("foreign").EnumerateArray().Select(name => name.GetString()));
        Assert.True(File.Exists(entry));
    }

    [Fact]
    public async Task Open_DamagedEntry_IsPackedAnewAndSaysSo()
    {
        string model = _cache.Model("model");
        await _cache.BenchAsync(model);
        File.WriteAllText(Path.Combine(_cache.Packed[0], "entry.json"), "{");

        ToolRun run = await _cache.BenchAsync(model);
        ToolRun again = await _cache.BenchAsync(model);

        Assert.Contains("note: " + Path.Combine(model, "model.onnx") + ": the cached weights are packed anew: ", run.Error, StringComparison.Ordinal);
        Assert.Equal((0, 0, ""), (run.ExitCode, again.ExitCode, again.Error));
    }

    [Fact]
    public async Task Open_BeyondTheLimit_TheLeastRecentlyUsedGivesWay()
    {
        string[] models = [_cache.Model("one"), _cache.Model("two", seed: 2), _cache.Model("three", seed: 3)];
        await _cache.BenchAsync(models[0]);
        string one = _cache.Packed[0];
        await _cache.BenchAsync(models[1]);
        string two = _cache.Packed.Single(path => path != one);
        long each = Directory.EnumerateFiles(two).Sum(file => new FileInfo(file).Length);
        await _cache.BenchAsync(models[0]); // used after the other

        await _cache.BenchAsync(models[2], ("ONNX_LLAMA_CACHE_LIMIT", (2.5 * each / (1L << 30)).ToString("R", CultureInfo.InvariantCulture)));

        Assert.Equal(2, _cache.Packed.Length);
        Assert.Contains(one, _cache.Packed);
        Assert.DoesNotContain(two, _cache.Packed);
    }

    [Theory]
    [InlineData("ONNX_LLAMA_CACHE_LIMIT", "much", "ONNX_LLAMA_CACHE_LIMIT: is 'much'; expected a number of GiB, such as 20.")]
    [InlineData("ONNX_LLAMA_INSTRUCTIONS", "sse9", "ONNX_LLAMA_INSTRUCTIONS: is 'sse9'; expected one of what this processor can run: scalar")]
    public async Task Open_WrongVariable_IsRefusedUnlessStock(string name, string value, string expected)
    {
        string model = _cache.Model("model");

        ToolRun kernels = await _cache.BenchAsync(model, (name, value));
        string[] arguments = ["bench", model, "--prompt", "2", "--generate", "1", "--repeat", "1", "--threads", "1", "--kernels", "stock"];
        ToolRun stock = await _cache.RunAsync(arguments, (name, value));

        Assert.Equal((1, "", 0), (kernels.ExitCode, kernels.Output, stock.ExitCode));
        Assert.Contains("error: " + expected, kernels.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _cache.Dispose();

    private static bool Packed(ToolRun run) => JsonElement.Parse(run.Output).GetProperty("packed").GetBoolean();

    private async Task<ToolRun> OnTerminalAsync(string model)
    {
        ProcessStartInfo tool = _cache.StartInfo(["bench", model, "--prompt", "2", "--generate", "1", "--repeat", "1", "--threads", "1"]);
        ProcessStartInfo info = new("/usr/bin/script", ["-qec", string.Join(' ', tool.ArgumentList.Prepend(tool.FileName)), "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["ONNX_LLAMA_CACHE"] = _cache.Path;
        info.Environment["TERM"] = "xterm";
        return await ToolRun.OfAsync(info);
    }

    private sealed class Canceller(CancellationTokenSource source) : IProgress<PackingProgress>
    {
        public void Report(PackingProgress value) => source.Cancel();
    }
}
