using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Onnx.Llama.Kernels.Forms;

namespace Onnx.Llama.Kernels.Tests.Forms;

/// <summary>
/// A process runs one form. What this one tests of whole graphs (rewrites, operators, the tiny decoder), others test with each other form of this processor
/// forced: this project's own program is a runner of its tests.
/// </summary>
public sealed partial class ForcedFormTests
{
    private const int LeastTests = 200;

    private static readonly string[] s_namespaces = [typeof(ForcedFormTests).Namespace!.Replace(".Forms", "", StringComparison.Ordinal)];

    public static TheoryData<InstructionSet> Others => [.. Processor.Supported.Where(form => form != Processor.Current)];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Others))]
    public async Task Graphs_WithAnotherForm_PassTheirTests(InstructionSet form)
    {
        (int exitCode, string output) = await RunTests(
            form.ToString(), "-namespace", s_namespaces[0], "-namespace", $"{s_namespaces[0]}.Rewriting", "-namespace", $"{s_namespaces[0]}.Operators");
        Assert.True(exitCode == 0, output);
        Assert.InRange(int.Parse(Total().Match(output).Groups[1].Value, CultureInfo.InvariantCulture), LeastTests, int.MaxValue);
    }

    [Fact]
    public async Task Graphs_WithAnUnknownForm_NameWhatThereIs()
    {
        (int exitCode, string output) = await RunTests("sse9", "-class", typeof(TinyDecoderTests).FullName!);
        Assert.NotEqual(0, exitCode);
        Assert.Contains("Onnx.Llama.Kernels.KernelException : ONNX_LLAMA_INSTRUCTIONS: ONNX_LLAMA_INSTRUCTIONS is 'sse9'; expected one of", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> RunTests(string form, params string[] filters)
    {
        ProcessStartInfo start = new("dotnet", [typeof(ForcedFormTests).Assembly.Location, "-noColor", .. filters]) { RedirectStandardOutput = true };
        start.Environment[Processor.Variable] = form;
        using Process process = Process.Start(start)!;
        try
        {
            string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, output);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    [GeneratedRegex(@"Total: (\d+)")]
    private static partial Regex Total();
}
