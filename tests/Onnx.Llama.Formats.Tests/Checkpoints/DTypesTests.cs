using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Formats.Tests.Checkpoints;

public sealed class DTypesTests
{
    [Fact]
    public void Bits_EveryDType_IsTheFormatsSize()
    {
        int[] bits = [8, 4, 6, 6, 8, 8, 8, 8, 8, 8, 8, 16, 16, 16, 16, 32, 32, 32, 64, 64, 64, 64];
        Assert.Equal(bits, Enum.GetValues<DType>().Select(dtype => dtype.Bits()));
        Assert.Throws<ArgumentOutOfRangeException>(() => ((DType)99).Bits());
    }

    [Fact]
    public void TryParse_ExactNames_AreKnown()
    {
        foreach (DType dtype in Enum.GetValues<DType>())
        {
            Assert.True(DTypes.TryParse(dtype.ToString(), out DType parsed));
            Assert.Equal(dtype, parsed);
        }

        Assert.False(DTypes.TryParse("f32", out _));
        Assert.False(DTypes.TryParse("3", out _));
    }
}
