namespace Onnx.Llama.Tokenization.Models;

/// <summary>
/// The merge loop of byte-pair encoding (arXiv:1508.07909, in the order of Hugging Face's library): always the pair of lowest rank, the leftmost of equals.
/// Short words are searched through at each step; long ones keep their pairs in a heap, which takes O(n log n).
/// </summary>
internal static class BpeMerger
{
    private const int ShortWord = 32;

    /// <summary>
    /// Merges in place. <paramref name="ids"/> are the word's symbols and <paramref name="sizes"/> how many bytes of it each stands for;
    /// returns how many symbols are left.
    /// </summary>
    public static int Merge(MergeTable merges, Span<int> ids, Span<int> sizes) =>
        ids.Length <= ShortWord ? MergeShort(merges, ids, sizes) : MergeLong(merges, ids, sizes);

    private static int MergeShort(MergeTable merges, Span<int> ids, Span<int> sizes)
    {
        Span<int> ranks = stackalloc int[ShortWord];
        Span<int> products = stackalloc int[ShortWord];
        int count = ids.Length;
        for (int i = 0; i + 1 < count; i++) ranks[i] = merges.RankOf(ids[i], ids[i + 1], out products[i]);
        while (count > 1)
        {
            int best = IndexOfMinimum(ranks[..(count - 1)]);
            if (ranks[best] == int.MaxValue) break;
            ids[best] = products[best];
            sizes[best] += sizes[best + 1];
            Remove(ids[..count], best + 1);
            Remove(sizes[..count], best + 1);
            Remove(ranks[..(count - 1)], best);
            Remove(products[..(count - 1)], best);
            count--;
            if (best + 1 < count) ranks[best] = merges.RankOf(ids[best], ids[best + 1], out products[best]);
            if (best > 0) ranks[best - 1] = merges.RankOf(ids[best - 1], ids[best], out products[best - 1]);
        }

        return count;
    }

    private static int IndexOfMinimum(ReadOnlySpan<int> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] < values[best]) best = i;
        }

        return best;
    }

    private static void Remove(Span<int> values, int index) => values[(index + 1)..].CopyTo(values[index..]);

    private static int MergeLong(MergeTable merges, Span<int> ids, Span<int> sizes)
    {
        int[] links = Scratch<int>.Rent(ids.Length * 2);
        Span<int> previous = links.AsSpan(0, ids.Length);
        Span<int> next = links.AsSpan(ids.Length, ids.Length);
        var heap = new PairHeap(ids.Length);
        for (int i = 0; i < ids.Length; i++)
        {
            previous[i] = i - 1;
            next[i] = i + 1;
            if (i + 1 < ids.Length) heap.Append(merges.RankOf(ids[i], ids[i + 1], out _), i);
        }

        heap.Order();
        while (heap.TryTake(out int rank, out int left))
        {
            // An entry is out of date where its pair is gone: the pair that stands there now has another rank.
            int right = next[left];
            if (sizes[left] < 0 || right == ids.Length || merges.RankOf(ids[left], ids[right], out int product) != rank) continue;
            ids[left] = product;
            sizes[left] += sizes[right];
            sizes[right] = -1;
            int after = next[left] = next[right];
            if (after < ids.Length)
            {
                previous[after] = left;
                heap.Add(merges.RankOf(product, ids[after], out _), left);
            }

            int before = previous[left];
            if (before >= 0) heap.Add(merges.RankOf(ids[before], product, out _), before);
        }

        heap.Dispose();
        Scratch<int>.Return(links);
        return Compact(ids, sizes);
    }

    private static int Compact(Span<int> ids, Span<int> sizes)
    {
        int count = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            if (sizes[i] < 0) continue;
            ids[count] = ids[i];
            sizes[count++] = sizes[i];
        }

        return count;
    }
}
