using Onnx.Llama.Sampling;

namespace Onnx.Llama.Tests.Sampling;

public sealed class SamplingOptionsTests
{
    [Theory]
    [InlineData(-0.1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Temperature_OutsideItsRange_IsRefused(float value) =>
        Assert.Throws<ArgumentOutOfRangeException>("Temperature", () => new SamplingOptions { Temperature = value });

    [Theory]
    [InlineData(0)]
    [InlineData(1.1f)]
    [InlineData(float.NaN)]
    public void TopP_OutsideItsRange_IsRefused(float value) => Assert.Throws<ArgumentOutOfRangeException>("TopP", () => new SamplingOptions { TopP = value });

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(1.1f)]
    public void MinP_OutsideItsRange_IsRefused(float value) => Assert.Throws<ArgumentOutOfRangeException>("MinP", () => new SamplingOptions { MinP = value });

    [Fact]
    public void TopK_Negative_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>("TopK", () => new SamplingOptions { TopK = -1 });
}
