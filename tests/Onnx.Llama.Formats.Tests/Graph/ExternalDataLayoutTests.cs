using Onnx.Llama.Graph;

namespace Onnx.Llama.Formats.Tests.Graph;

public sealed class ExternalDataLayoutTests
{
    private readonly ExternalDataLayout _layout = new("model.onnx.data");

    [Fact]
    public void Reserve_OfTensors_TakesThemInOrderEachAligned()
    {
        Assert.Equal(new ExternalRange(0, 10), _layout.Reserve(10));
        Assert.Equal(new ExternalRange(64, 1), _layout.Reserve(1)); // the next cache line
        Assert.Equal(new ExternalRange(4096, 5000), _layout.Reserve(5000)); // the next page
        Assert.Equal(new ExternalRange(9152, 4095), _layout.Reserve(4095)); // 9096 rounded up to a multiple of 64
        Assert.Equal(13247, _layout.Length); // no gap after the last
    }

    [Theory]
    [InlineData(4095, 64)]
    [InlineData(4096, 4096)]
    [InlineData(4097, 4096)]
    public void Reserve_FromAPageOn_BeginsOnAPage(long bytes, long offset)
    {
        _layout.Reserve(1);
        Assert.Equal(offset, _layout.Reserve(bytes).Offset);
    }

    [Fact]
    public void Reserve_WhereTheFileIsAlignedAlready_LeavesNoGap()
    {
        _layout.Reserve(8192);
        Assert.Equal(8192, _layout.Reserve(4096).Offset);
        Assert.Equal(12288, _layout.Reserve(64).Offset);
        Assert.Equal(12352, _layout.Reserve(1).Offset);
    }

    [Fact]
    public void Reserve_OfNothing_IsAnEmptyRange()
    {
        _layout.Reserve(1);
        Assert.Equal(new ExternalRange(64, 0), _layout.Reserve(0));
        Assert.Equal(64, _layout.Length);
    }

    [Fact]
    public void Reserve_OfMoreThan32Bits_Counts()
    {
        _layout.Reserve(5L << 32);
        Assert.Equal(5L << 32, _layout.Reserve(4096).Offset);
    }

    [Fact]
    public void Reserve_OfANegativeLength_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => _layout.Reserve(-1));

    [Fact]
    public void Reserve_BeyondTheLengthOfAFile_IsRefused()
    {
        _layout.Reserve(4096);
        GraphException fault = Assert.Throws<GraphException>(() => _layout.Reserve(long.MaxValue - 4095));
        Assert.Equal(
            "model.onnx.data: has 4096 bytes and cannot take 9223372036854771712 more; expected at most 9223372036854775807 in all.", fault.Message);
        Assert.Equal(long.MaxValue, _layout.Reserve(long.MaxValue - 4096).Offset + long.MaxValue - 4096);
    }

    [Theory]
    [InlineData("../model.onnx.data")]
    [InlineData("/model.onnx.data")]
    [InlineData(@"data\model.onnx.data")]
    public void New_OfALocationOutsideTheFolder_IsRefused(string location)
    {
        GraphException fault = Assert.Throws<GraphException>(() => new ExternalDataLayout(location));
        Assert.Equal($"external data: the location is '{location}'; expected a path inside the model's folder, relative and with forward slashes.", fault.Message);
    }

    [Fact]
    public void New_OfALocationInASubfolder_IsTaken() => Assert.Equal("data/model.onnx.data", new ExternalDataLayout("data/model.onnx.data").Location);
}
