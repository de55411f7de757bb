using System.Text.Json;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Cli.Tests.EndToEnd;

public sealed class ConvertVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _source;

    public ConvertVerbTests() => _source = TinyCheckpoint.Write(_folder["Tiny"], TinyCheckpoint.Default);

    [Fact]
    public async Task Convert_SourceAlone_MakesNameAndPrecisionInTheWorkingFolder()
    {
        ToolRun run = await ToolRun.OfAsync(In(_folder.Path, "convert", "Tiny"));

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.StartsWith(_folder["Tiny-int4"] + "\n  llama, ", run.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["Tiny-int4/model.onnx"]));
        AssertOnly("Tiny", "Tiny-int4");
    }

    /// <summary>Rows of 64 and of 128 weights: the first are no multiple of the block that was asked for.</summary>
    [Fact]
    public async Task Convert_Block_IsInNamesManifestAndNote()
    {
        ToolRun run = await ToolRun.OfAsync(In(_folder.Path, "convert", "Tiny", "--precision", "int4-asym", "--block", "128"));
        ToolRun inspected = await ToolRun.OfAsync("inspect", _folder["Tiny-int4-asym-b128"]);
        ToolRun plan = await ToolRun.OfAsync("convert", _source, "--precision", "int4-asym", "--block", "128", "--dry-run");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.StartsWith("note: --block 128: rows of 64 weights are stored in blocks of 64, the greatest that fit.\n", run.Error, StringComparison.Ordinal);
        AssertOnly("Tiny", "Tiny-int4-asym-b128");
        Assert.Contains("graph          model.onnx for cpu, int4-asym-b128", inspected.Output, StringComparison.Ordinal);
        Assert.Contains("--precision int4-asym --block 128\n", inspected.Output, StringComparison.Ordinal);
        Assert.Matches(@"weights +embedding +int4 codes", inspected.Output);
        Assert.Matches(@"feed-forward +zero points +6 tensors", inspected.Output);
        Assert.Matches(@"qkv_proj.* int4-asym, blocks of 64 +\d", plan.Output);
        Assert.Matches(@"down_proj.* int4-asym, blocks of 128 +\d", plan.Output);
    }

    /// <summary>What a dry run says is what is written.</summary>
    [Theory]
    [InlineData("int4-asym")]
    [InlineData("int8")]
    public async Task Convert_DryRunOfBlocks_SaysTheBytes(string precision)
    {
        ToolRun plan = await ToolRun.OfAsync("convert", _source, "--precision", precision, "--dry-run", "--json");
        ToolRun run = await ToolRun.OfAsync("convert", _source, _folder["out"], "--precision", precision);

        Assert.True(run.ExitCode == 0, run.Error);
        JsonElement planned = JsonElement.Parse(plan.Output);
        Assert.Equal(new FileInfo(_folder["out/model.onnx.data"]).Length, planned.GetProperty("data_bytes").GetInt64());
        JsonElement up = planned.GetProperty("tensors").EnumerateArray().Single(tensor => tensor.GetProperty("name").GetString() == "model.layers.0.mlp.up_proj.MatMul.weight");
        long blocks = 128 * 2, expected = precision == "int8" ? (128 * 64) + (4 * blocks) : (128 * 32) + (4 * blocks) + (blocks / 2);
        Assert.Equal(expected, up.GetProperty("bytes").GetInt64());
    }

    [Fact]
    public async Task Convert_Json_SaysWhatWasMade()
    {
        ToolRun run = await ToolRun.OfAsync("convert", _source, _folder["out"], "--precision", "fp32", "--json");

        Assert.True(run.ExitCode == 0, run.Error);
        JsonElement made = JsonElement.Parse(run.Output);
        Assert.Equal(_folder["out"], made.GetProperty("output").GetString());
        Assert.Equal("fp32", made.GetProperty("precision").GetString());
        Assert.Equal(Directory.GetFiles(_folder["out"]).Sum(file => new FileInfo(file).Length), made.GetProperty("bytes").GetInt64());
        Assert.Equal(new FileInfo(_folder["out/model.onnx.data"]).Length, made.GetProperty("data_bytes").GetInt64());
        Assert.Equal(Parameters(), made.GetProperty("parameters").GetInt64());
    }

    [Theory]
    [InlineData("--json")]
    [InlineData("--verbose")]
    public async Task Convert_DryRun_ShowsEveryTensorAndWritesNothing(string option)
    {
        ToolRun run = await ToolRun.OfAsync(In(_folder.Path, "convert", "Tiny", "--dry-run", option));

        Assert.True(run.ExitCode == 0, run.Error);
        foreach (string tensor in ReferenceTensors.ReadFolder(_source).Keys) Assert.Contains(tensor, run.Output, StringComparison.Ordinal);
        AssertOnly("Tiny");
    }

    [Fact]
    public async Task Convert_Force_ReplacesAnExistingFolder()
    {
        Directory.CreateDirectory(_folder["out"]);
        await File.WriteAllTextAsync(_folder["out/old"], "old", TestContext.Current.CancellationToken);

        ToolRun run = await ToolRun.OfAsync("convert", _source, _folder["out"], "--force");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.False(File.Exists(_folder["out/old"]));
        AssertOnly("Tiny", "out");
    }

    [Fact]
    public async Task Convert_UnknownSetting_IsNamedInANote()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string config = await File.ReadAllTextAsync(_folder["Tiny/config.json"], cancellation);
        string more = config.Replace("\"vocab_size\"", "\"made_up_setting\": 256, \"vocab_size\"", StringComparison.Ordinal);
        await File.WriteAllTextAsync(_folder["Tiny/config.json"], more, cancellation);

        ToolRun run = await ToolRun.OfAsync("convert", _source, _folder["out"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("note: config.json: 'made_up_setting'", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SOURCE", "convert")]
    [InlineData("'int3' not recognized", "convert", "source", "--precision", "int3")]
    [InlineData("'48' not recognized", "convert", "source", "--block", "48")]
    [InlineData("--block is 64 with --precision fp16, whose weights have no blocks; expected one of int4, int4-asym, int8.", "convert", "source", "--precision", "fp16", "--block", "64")]
    [InlineData("--threads is 0; expected at least 1", "convert", "source", "--threads", "0")]
    [InlineData("'--fast' is not an option", "convert", "source", "--fast")]
    [InlineData("--reference", "verify", "model")]
    [InlineData("--provider is 'gpu'; expected auto, cpu, cuda or dml", "run", "model", "--provider", "gpu")]
    [InlineData("--provider is 'gpu'; expected auto, cpu, cuda or dml", "bench", "model", "--provider", "gpu")]
    public async Task Tool_WrongUsage_IsExitCode2(string expected, params string[] arguments)
    {
        ToolRun run = await ToolRun.OfAsync(arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static System.Diagnostics.ProcessStartInfo In(string folder, params string[] arguments)
    {
        System.Diagnostics.ProcessStartInfo info = ToolRun.StartInfo(arguments);
        info.WorkingDirectory = folder;
        return info;
    }

    private long Parameters() => ReferenceTensors.ReadFolder(_source).Values.Sum(tensor => tensor.Shape.Aggregate(1L, (product, size) => product * size));

    private void AssertOnly(params string[] names) =>
        Assert.Equal(names, Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
}
