using Onnx.Llama.Kernels.Forms;

namespace Onnx.Llama.Kernels.Tests.Forms;

/// <summary>
/// A process runs one form. What this one tests of whole graphs (rewrites, operators, the tiny decoder), others test with each other form of this processor
/// forced.
/// </summary>
public sealed class ForcedFormTests
{
    private const int LeastTests = 200;

    public static TheoryData<InstructionSet> Others => [.. Processor.Supported.Where(form => form != Processor.Current)];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Others))]
    public async Task Graphs_WithAnotherForm_PassTheirTests(InstructionSet form)
    {
        string whole = typeof(TinyDecoderTests).Namespace!;
        (int exitCode, string output) = await TestProcess.Run(
            form.ToString(), "-namespace", whole, "-namespace", $"{whole}.Rewriting", "-namespace", $"{whole}.Operators");
        Assert.True(exitCode == 0, output);
        Assert.InRange(TestProcess.Tests(output), LeastTests, int.MaxValue);
    }

    [Fact]
    public async Task Graphs_WithAnUnknownForm_NameWhatThereIs()
    {
        (int exitCode, string output) = await TestProcess.Run("sse9", "-class", typeof(TinyDecoderTests).FullName!);
        Assert.NotEqual(0, exitCode);
        Assert.Contains($"{typeof(KernelException).FullName} : {Processor.Variable}: is 'sse9'; expected one of", output, StringComparison.Ordinal);
    }
}
