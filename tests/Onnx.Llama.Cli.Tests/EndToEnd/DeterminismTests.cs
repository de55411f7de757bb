using System.Diagnostics;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Cli.Tests.EndToEnd;

/// <summary>A converted folder's bytes depend on the checkpoint and the options alone.</summary>
public sealed class DeterminismTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public DeterminismTests() => TinyCheckpoint.Write(_folder["source"], TinyCheckpoint.Default with { VocabSize = 20000, HiddenSize = 72, HeadDim = 18 });

    [Theory]
    [InlineData("int4")]
    [InlineData("int4-asym")]
    [InlineData("int8")]
    [InlineData("fp32")]
    public async Task Convert_OtherThreadsCultureTimeZoneAndFolders_GivesTheSameBytes(string precision)
    {
        Directory.CreateDirectory(_folder["elsewhere"]);
        string plain = await ConvertAsync("one", "1", "C.UTF-8", "UTC", ".", "source", precision);
        string turkish = await ConvertAsync("two", "2", "tr_TR.UTF-8", "America/St_Johns", "elsewhere", "../source/", precision);
        string arabic = await ConvertAsync("three", "2", "ar_SA.UTF-8", "Asia/Kathmandu", "source", _folder["source"], precision);

        Assert.Equal(plain, turkish);
        Assert.Equal(plain, arabic);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<string> ConvertAsync(
        string output, string threads, string culture, string timeZone, string workingFolder, string source, string precision)
    {
        ProcessStartInfo info = ToolRun.StartInfo("convert", source, _folder[output], "--threads", threads, "--precision", precision);
        info.WorkingDirectory = _folder[workingFolder];
        info.Environment["LANG"] = info.Environment["LC_ALL"] = culture;
        info.Environment["TZ"] = timeZone;
        info.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "0";
        ToolRun run = await ToolRun.OfAsync(info);
        Assert.True(run.ExitCode == 0, run.Error);
        return FolderBytes.Of(_folder[output]);
    }
}
