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
