using Onnx.Llama.Decoding;

namespace Onnx.Llama.Tests.Decoding;

public sealed class KvLayerTests
{
    /// <summary>Token by token: where there is no room for one more, the oldest ones go, so many that the window is left.</summary>
    [Theory]
    [InlineData(8, 0)]
    [InlineData(8, 3)]
    [InlineData(8, 7)]
    [InlineData(1, 0)]
    [InlineData(5, 40)]
    public void Dropped_AtAnyLength_IsWhatATokenAtATimeDrops(int window, int slack)
    {
        KvLayer layer = new(1, 8, 4, window, slack);
        int first = 0;
        for (int length = 1; length < 200; length++)
        {
            if (length - first > layer.Room(1000)) first = length - window;
            Assert.Equal((first, length - first), (layer.Dropped(length), layer.Kept(length)));
        }
    }

    [Theory]
    [InlineData(8, 0)]
    [InlineData(8, 3)]
    [InlineData(5, 40)]
    public void LeastLength_AtAnyLength_IsTheShortestThatKeepsTheSame(int window, int slack)
    {
        KvLayer layer = new(1, 8, 4, window, slack);
        for (int length = 0; length < 200; length++)
        {
            int least = Enumerable.Range(0, length + 1).First(shorter => layer.Dropped(shorter) == layer.Dropped(length));
            Assert.Equal(least, layer.LeastLength(length));
        }
    }

    [Fact]
    public void Room_OfAWindow_StopsGrowing()
    {
        KvLayer layer = new(2, 8, 4, Window: 100, Slack: 27);
        Assert.Equal((100, 100, 101), (layer.Room(1), layer.Room(100), layer.Room(101)));
        Assert.Equal((127, 127, 127), (layer.Room(127), layer.Room(128), layer.Room(100_000)));
        KvLayout layout = new([layer, new KvLayer(2, 8, 4)]);
        Assert.Equal(2 * 2 * 8 * 4 * (127 + 5000), layout.Bytes(5000));
        Assert.Equal((2 * 2 * 2 * 8 * 4, 2 * 2 * 8 * 4), (layout.BytesPerToken, layout.WindowBytesPerToken));
    }

    /// <summary>Rows of slots that grow are copied as they lie: a slot of any capacity must lay its tokens out as a large one does.</summary>
    [Fact]
    public void Room_OfASmallSlot_IsNeverShortOfWhatIsKept()
    {
        KvLayer layer = new(2, 8, 4, Window: 10, Slack: 5);
        for (int capacity = 1; capacity < 60; capacity++) Assert.InRange(layer.Kept(capacity), 1, layer.Room(capacity));
    }

    [Theory]
    [InlineData(4096, 128, 127)]
    [InlineData(4096, 256, 127)]
    [InlineData(2047, 96, 127)]
    [InlineData(128, 64, 255)]
    [InlineData(64, 64, 0)]
    [InlineData(32, 16, 0)]
    public void Slack_OfAWindow_DropsWholeBlocksWhereThatIsNotMuch(int window, int headDim, int expected) =>
        Assert.Equal(expected, LayerWindows.Slack(window, headDim));
}
