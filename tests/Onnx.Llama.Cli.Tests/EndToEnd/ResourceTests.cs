using System.Diagnostics;
using System.Text.Json;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Cli.Tests.EndToEnd;

public sealed class ResourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Two tables of 131 MB each pass through the memory of a small model's conversion.</summary>
    [Fact]
    public async Task Convert_LargeTensors_TakesConstantMemory()
    {
        const long MostBytes = 250L << 20;
        string source = TinyCheckpoint.Write(
            _folder["source"],
            TinyCheckpoint.Default with { VocabSize = 128256, HiddenSize = 512, IntermediateSize = 1408, Layers = 1, Heads = 8, KvHeads = 4, HeadDim = 64 });

        ToolRun run = await ToolRun.OfAsync("convert", source, _folder["model"], "--threads", "2", "--json");

        Assert.True(run.ExitCode == 0, run.Error);
        long peak = JsonElement.Parse(run.Output).GetProperty("peak_memory_bytes").GetInt64();
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"peak {peak / 1e6:F0} MB"));
        Assert.InRange(peak, 10L << 20, MostBytes);
    }

    [Fact]
    public async Task Convert_DiskFull_IsRefusedBeforeWriting()
    {
        string source = TinyCheckpoint.Write(_folder["source"], TinyCheckpoint.Default with { VocabSize = 20000 });
        Directory.CreateDirectory(_folder["small"]);
        Assert.SkipUnless(Mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", _folder["small"]), "needs the right to mount a small file system");
        try
        {
            ToolRun run = await ToolRun.OfAsync("convert", source, _folder["small/model"]);

            Assert.Equal((1, ""), (run.ExitCode, run.Output));
            Assert.Matches(@"^error: .*small.*: has [\d,]+ bytes free; expected at least [\d,]+\. Free space, or choose another OUTPUT\.\n$", run.Error);
            Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["small"]));
        }
        finally
        {
            Run("umount", _folder["small"]);
        }
    }

    public void Dispose() => _folder.Dispose();

    private static bool Mount(params string[] arguments) => OperatingSystem.IsLinux() && Run("mount", arguments);

    private static bool Run(string command, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
