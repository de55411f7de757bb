using Onnx.Llama.Kernels.Forms;

namespace Onnx.Llama.Kernels.Tests.Forms;

public sealed class ProcessorTests
{
    [Fact]
    public void Choose_Nothing_TakesTheBest() => Assert.Equal(Processor.Supported[^1], Processor.Choose(null));

    [Fact]
    public void Choose_Scalar_TakesIt() => Assert.Equal(InstructionSet.Scalar, Processor.Choose("scalar"));

    [Fact]
    public void Choose_NothingWhereThereAreNoVectors_SaysWhatToPublishFor()
    {
        KernelException fault = Assert.Throws<KernelException>(() => Processor.Choose(null, [InstructionSet.Scalar]));
        Assert.Contains("set IlcInstructionSet to native or x86-64-v3", fault.Message, StringComparison.Ordinal);
        Assert.Equal(InstructionSet.Scalar, Processor.Choose("scalar", [InstructionSet.Scalar]));
    }

    [Theory]
    [InlineData("sse9")]
    [InlineData("2")]
    public void Choose_Unknown_NamesWhatThereIs(string value)
    {
        KernelException fault = Assert.Throws<KernelException>(() => Processor.Choose(value));
        Assert.Contains($"ONNX_LLAMA_INSTRUCTIONS: is '{value}'; expected one of what this processor can run: scalar", fault.Message, StringComparison.Ordinal);
    }
}
