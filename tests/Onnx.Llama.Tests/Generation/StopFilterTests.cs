using Onnx.Llama.Generation;

namespace Onnx.Llama.Tests.Generation;

public sealed class StopFilterTests
{
    [Fact]
    public void Push_StopStringAcrossPieces_LetsThroughWhatIsBefore()
    {
        StopFilter filter = new(["END"]);
        Assert.Equal("ab", filter.Push("abE"));
        Assert.Equal("", filter.Push("N"));
        Assert.False(filter.Stopped);
        Assert.Equal("", filter.Push("D more"));
        Assert.True(filter.Stopped);
        Assert.Equal("", filter.Flush());
    }

    [Fact]
    public void Push_BeginningThatGoesOnDifferently_IsLetThrough()
    {
        StopFilter filter = new(["aab"]);
        Assert.Equal("", filter.Push("aa"));
        Assert.Equal("a", filter.Push("a"));
        Assert.Equal("aac", filter.Push("c"));
    }

    [Fact]
    public void Flush_TextHeldBack_IsGiven()
    {
        StopFilter filter = new(["END"]);
        Assert.Equal("x", filter.Push("xEN"));
        Assert.Equal("EN", filter.Flush());
        Assert.Equal("", filter.Flush());
    }

    [Fact]
    public void Push_AnyPiecesOfAnyText_GivesWhatCharacterByCharacterGives()
    {
        Random random = new(3);
        for (int trial = 0; trial < 2000; trial++)
        {
            string[] stops = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomText(random, random.Next(1, 5)))];
            string text = RandomText(random, random.Next(0, 30));
            StopFilter filter = new(stops);
            string given = "";
            for (int at = 0; at < text.Length && !filter.Stopped;)
            {
                int size = Math.Min(random.Next(0, 6), text.Length - at);
                given += filter.Push(text.Substring(at, size));
                at += size;
            }

            Assert.Equal(Expected(text, stops), given + filter.Flush());
        }
    }

    private static string Expected(string text, string[] stops)
    {
        for (int end = 1; end <= text.Length; end++)
        {
            int[] lengths = [.. stops.Where(stop => text[..end].EndsWith(stop, StringComparison.Ordinal)).Select(stop => stop.Length)];
            if (lengths.Length > 0) return text[..(end - lengths.Max())];
        }

        return text;
    }

    private static string RandomText(Random random, int length) => string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(2))));
}
