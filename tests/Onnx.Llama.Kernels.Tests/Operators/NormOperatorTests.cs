using Onnx.Llama.Graph;
using Onnx.Llama.Kernels.Operators;

namespace Onnx.Llama.Kernels.Tests.Operators;

public sealed class NormOperatorTests
{
    [Fact]
    public void Run_RightOne_GivesOnes() => Assert.All(Node().Run(), value => Assert.Equal(1, value, 1e-3));

    [Fact]
    public void Run_NoRows_GivesNone() => Assert.Empty(Node().Change("x", Array.Empty<float>(), 0, 3, 8).Change("skip", Array.Empty<float>(), 0, 3, 8).Run());

    [Theory]
    [InlineData("weight", 7, "weight is [7]; expected 8 elements")]
    [InlineData("bias", 9, "bias is [9]; expected 8 elements")]
    [InlineData("skip bias", 1, "skip bias is [1]; expected 8 elements")]
    public void Run_WrongLength_Fails(string input, int length, string message) => Node().Change(input, new float[length], length).Fails(message);

    [Theory]
    [InlineData(2, 8)]
    [InlineData(5, 16)]
    [InlineData(1, 8)]
    [InlineData(6, 1)]
    public void Run_WrongSkip_Fails(int rows, int width) =>
        Node().Change("skip", new float[rows * width], rows, width).Fails($"skip is [{rows}, {width}] and x [2, 3, 8]; expected the same");

    [Fact]
    public void Run_Scalar_Fails() => Node().Change("x", new float[1]).Fails("x is []; expected [.., width]");

    [Fact]
    public void Run_NoWidth_Fails() => Node().Change("x", Array.Empty<float>(), 2, 0).Fails("x is [2, 0]; expected [.., width]");

    [Fact]
    public void Run_AbsentAttribute_Fails() => Node().Without(NormOperator.Epsilon).Fails("epsilon");

    private static OwnNode Node() => new OwnNode(NormOperator.OperatorName)
        .Input("x", ElementType.Float, [.. Enumerable.Repeat(1f, 48)], 2, 3, 8)
        .Input("skip", ElementType.Float, [.. Enumerable.Repeat(1f, 48)], 2, 3, 8)
        .Input("weight", ElementType.Float, [.. Enumerable.Repeat(1f, 8)], 8)
        .Input("bias", ElementType.Float, new float[8], 8)
        .Input("skip bias", ElementType.Float, new float[8], 8)
        .With(NormOperator.Epsilon, 1e-5f)
        .With(NormOperator.Centered, 0);
}
