using Onnx.Llama.Heads;

namespace Onnx.Llama.Tests.Heads;

public sealed class TextBatchesTests
{
    [Fact]
    public void Plan_ManyLengths_PutsEachTextIntoOneBatchTheLongestFirst()
    {
        int[] lengths = [3, 9, 1, 9, 4, 4, 2];

        IReadOnlyList<int[]> batches = TextBatches.Plan(lengths, 3, equalLengths: false);

        Assert.Equal([[1, 3, 4], [5, 0, 6], [2]], batches);
    }

    [Fact]
    public void Plan_EqualLengths_MixesNone() =>
        Assert.Equal([[1, 3], [4, 5], [0], [6], [2]], TextBatches.Plan([3, 9, 1, 9, 4, 4, 2], 3, equalLengths: true));

    [Fact]
    public void Plan_LongTexts_BoundsTheTokensOfABatch()
    {
        const int Long = TextBatches.MostTokens / 2;

        Assert.Equal([[2], [0, 1], [3, 4]], TextBatches.Plan([Long, Long, 3 * Long, Long, 1], 32, equalLengths: false));
    }

    [Fact]
    public void Plan_NoTexts_GivesNoBatches() => Assert.Empty(TextBatches.Plan([], 8, equalLengths: false));
}
