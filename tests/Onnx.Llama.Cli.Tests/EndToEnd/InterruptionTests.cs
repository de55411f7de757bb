using System.Diagnostics;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Cli.Tests.EndToEnd;

/// <summary>Whatever happens to a conversion, OUTPUT is absent, or what it was before, or finished.</summary>
public sealed class InterruptionTests : IDisposable
{
    private const int Kills = 20;
    private readonly TemporaryFolder _folder = new();
    private readonly string _source;

    /// <summary>40 MB: long enough to be caught at it.</summary>
    public InterruptionTests() => _source = TinyCheckpoint.Write(
        _folder["source"],
        TinyCheckpoint.Default with { VocabSize = 8192, HiddenSize = 512, IntermediateSize = 1408, Layers = 4, Heads = 8, KvHeads = 4, HeadDim = 64 });

    private string Place => _folder["place"];

    private string Output => _folder["place/model"];

    private string Partial => _folder["place/.model.partial"];

    private string Leftover => Path.Combine(Partial, "leftover");

    private bool IsWriting => File.Exists(Path.Combine(Partial, "model.onnx.data")) && !File.Exists(Leftover);

    [Fact]
    public async Task Kill_WithoutForce_OutputIsAbsentOrFinished()
    {
        (string finished, TimeSpan writing) = await ConvertWholeAsync();
        int caught = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            if (Directory.Exists(Output)) Directory.Delete(Output, recursive: true);
            caught += await KillAsync(Moment(kill, writing)) ? 1 : 0;
            if (Directory.Exists(Output)) Assert.Equal(finished, FolderBytes.Of(Output));
        }

        AssertCaught(caught);
        if (Directory.Exists(Output)) Directory.Delete(Output, recursive: true);
        await AssertNextRunRepairsAsync(finished);
    }

    [Fact]
    public async Task Kill_WithForce_OutputIsTheOldOneOrFinished()
    {
        (string finished, TimeSpan writing) = await ConvertWholeAsync();
        int caught = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            string old = MakeOld();
            caught += await KillAsync(Moment(kill, writing), "--force") ? 1 : 0;
            if (!Directory.Exists(Output)) Assert.True(Directory.Exists(_folder["place/.model.old"]), "neither OUTPUT nor the one set aside is there");
            else Assert.Contains(FolderBytes.Of(Output), new[] { old, finished });
        }

        AssertCaught(caught);
        await AssertNextRunRepairsAsync(finished, "--force");
    }

    [Fact]
    public async Task Interrupt_WhileWriting_IsExitCode130AndLeavesNothing()
    {
        using Process process = Start();
        await UntilWritingAsync(process);
        using Process signal = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        ToolRun run = await ToolRun.FinishAsync(process);

        Assert.Equal((130, ""), (run.ExitCode, run.Output));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Place));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Spread over the writing and a little beyond, each in its own part of it.</summary>
    private static TimeSpan Moment(int kill, TimeSpan writing) => writing * ((kill + new Random(kill).NextDouble()) / Kills * 1.1);

    private async Task<(string Finished, TimeSpan Writing)> ConvertWholeAsync()
    {
        using Process process = Start();
        await UntilWritingAsync(process);
        Stopwatch watch = Stopwatch.StartNew();
        ToolRun run = await ToolRun.FinishAsync(process);
        Assert.True(run.ExitCode == 0, run.Error);
        return (FolderBytes.Of(Output), watch.Elapsed);
    }

    /// <summary>Starts a conversion and kills it so long after it began to write.</summary>
    /// <returns>Whether it was at work still.</returns>
    private async Task<bool> KillAsync(TimeSpan moment, params string[] options)
    {
        // What the last kill left is the next run's to repair; the mark tells it from what that run writes itself.
        if (Directory.Exists(Partial)) File.WriteAllText(Leftover, "");
        using Process process = Start(options);
        await UntilWritingAsync(process);
        await Task.Delay(moment, TestContext.Current.CancellationToken);
        bool caught = !process.HasExited;
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return caught && IsWriting;
    }

    private Process Start(params string[] options)
    {
        Process process = Process.Start(ToolRun.StartInfo(["convert", _source, Output, "--threads", "1", .. options]))!;
        process.StandardInput.Close();
        return process;
    }

    private async Task UntilWritingAsync(Process process)
    {
        while (!process.HasExited && !IsWriting) await Task.Delay(1, TestContext.Current.CancellationToken);
    }

    private string MakeOld()
    {
        if (Directory.Exists(Output)) Directory.Delete(Output, recursive: true);
        Directory.CreateDirectory(Output);
        File.WriteAllText(Path.Combine(Output, "model.onnx"), "an older model");
        return FolderBytes.Of(Output);
    }

    private static void AssertCaught(int caught)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{caught} of {Kills} kills hit a conversion that was writing"));
        Assert.InRange(caught, Kills / 10, Kills); // few on a machine whose speed changes; none would prove nothing
    }

    private async Task AssertNextRunRepairsAsync(string finished, params string[] options)
    {
        ToolRun run = await ToolRun.OfAsync(["convert", _source, Output, .. options]);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(finished, FolderBytes.Of(Output));
        Assert.Equal(["model"], Directory.EnumerateFileSystemEntries(Place).Select(Path.GetFileName));
    }
}
