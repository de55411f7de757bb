using Onnx.Llama.Tokenization.Models;

namespace Onnx.Llama.Text.Tests.Tokenization;

public class BpeMergerTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(700)]
    [InlineData(9000)]
    public void Merge_RandomWordsAndMerges_EqualsTheDefinition(int length)
    {
        var random = new Random(length);
        for (int round = 0; round < (length > 1000 ? 3 : 300); round++)
        {
            MergeTable merges = RandomMerges(random, letters: random.Next(1, 4));
            int[] word = [.. Enumerable.Range(0, length).Select(_ => random.Next(3))];
            List<(int Id, int Size)> expected = MergeByDefinition(merges, word);
            int[] ids = [.. word];
            int[] sizes = [.. Enumerable.Repeat(1, length)];
            int count = BpeMerger.Merge(merges, ids, sizes);
            Assert.Equal(expected, ids.Take(count).Zip(sizes.Take(count)));
        }
    }

    [Fact]
    public void TryTake_PairsInAnyOrder_GivesBothQueuesTheSame()
    {
        var random = new Random(1);
        for (int round = 0; round < 50; round++)
        {
            IPairQueue[] both = [new PairQueue(4), new PairHeap(4)];
            var waiting = new SortedSet<(int Rank, int Position)>();
            for (int step = 0; step < 2000; step++)
            {
                if (random.Next(5) < 3)
                {
                    (int Rank, int Position) pair = (random.Next(round + 1), (step / 2) + random.Next(20));
                    if (!waiting.Add(pair)) continue;
                    foreach (IPairQueue each in both) each.Add(pair.Rank, pair.Position);
                }
                else
                {
                    (bool, int, int)[] taken = [.. both.Select(each => (each.TryTake(out int rank, out int position), rank, position))];
                    (int Rank, int Position) least = waiting.Min;
                    Assert.Equal((waiting.Count > 0, least.Rank, least.Position), taken[0]);
                    Assert.Equal(taken[1], taken[0]);
                    waiting.Remove(least);
                }
            }

            foreach (IPairQueue each in both) each.Dispose();
        }
    }

    private static MergeTable RandomMerges(Random random, int letters)
    {
        var merges = new MergeTable();
        var pairs = new HashSet<(int, int)>();
        for (int product = letters; product < letters + 30; product++)
        {
            (int Left, int Right) pair = (random.Next(product), random.Next(product));
            if (pairs.Add(pair)) merges.Add(pair.Left, pair.Right, random.Next(2) == 0 ? product : product + 100, product);
        }

        return merges;
    }

    private static List<(int Id, int Size)> MergeByDefinition(MergeTable merges, int[] word)
    {
        List<(int Id, int Size)> symbols = [.. word.Select(id => (id, 1))];
        while (true)
        {
            int best = -1, bestRank = int.MaxValue, bestProduct = 0;
            for (int i = 0; i + 1 < symbols.Count; i++)
            {
                int rank = merges.RankOf(symbols[i].Id, symbols[i + 1].Id, out int product);
                if (rank < bestRank) (best, bestRank, bestProduct) = (i, rank, product);
            }

            if (best < 0) return symbols;
            symbols[best] = (bestProduct, symbols[best].Size + symbols[best + 1].Size);
            symbols.RemoveAt(best + 1);
        }
    }
}
