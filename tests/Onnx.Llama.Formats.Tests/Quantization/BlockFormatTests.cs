using Onnx.Llama.Quantization;

namespace Onnx.Llama.Formats.Tests.Quantization;

public sealed class BlockFormatTests
{
    [Theory]
    [InlineData(4, 32, 32, 1, 16, 1)]
    [InlineData(4, 32, 33, 2, 32, 1)]
    [InlineData(4, 16, 40, 3, 24, 2)]
    [InlineData(8, 128, 257, 3, 384, 3)]
    [InlineData(4, 256, 0, 0, 0, 0)]
    public void Row_OfColumns_HasWholeBlocks(int bits, int blockSize, int columns, int scales, int bytes, int zeroPointBytes)
    {
        BlockFormat format = new(bits, blockSize);
        Assert.Equal((scales, bytes, zeroPointBytes), (format.RowScales(columns), format.RowBytes(columns), format.RowZeroPointBytes(columns)));
    }

    [Fact]
    public void ZeroPointByte_IsTheCodeOfZero()
    {
        Assert.Equal((8, 0x88), (new BlockFormat(4, 32).ZeroPoint, new BlockFormat(4, 32).ZeroPointByte));
        Assert.Equal((128, 0x80), (new BlockFormat(8, 32).ZeroPoint, new BlockFormat(8, 32).ZeroPointByte));
    }

    [Fact]
    public void IsSymmetric_ByDefaultAndTellsFormatsApart()
    {
        Assert.Equal(new BlockFormat(4, 32), new BlockFormat(4, 32, isSymmetric: true));
        Assert.NotEqual(new BlockFormat(4, 32), new BlockFormat(4, 32, isSymmetric: false));
    }

    [Theory]
    [InlineData(3, 32)]
    [InlineData(4, 8)]
    [InlineData(4, 48)]
    [InlineData(8, 512)]
    public void Constructor_OtherBitsOrBlock_IsRefused(int bits, int blockSize) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockFormat(bits, blockSize));

    [Fact]
    public void RowBytes_MoreThanAnInt_IsRefused() => Assert.Throws<OverflowException>(() => new BlockFormat(8, 256).RowBytes(int.MaxValue));
}
