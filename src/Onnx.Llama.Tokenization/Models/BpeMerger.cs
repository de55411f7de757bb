namespace Onnx.Llama.Tokenization.Models;

/// <summary>
/// The merge loop of byte-pair encoding (arXiv:1508.07909, in the order of Hugging Face's library): always the pair of lowest rank, the leftmost of equals.
/// Short words are searched through at each step. Long ones keep their pairs in a heap, which takes O(n log n); very long ones in a list for each rank, which
/// the processor's caches need not hold.
/// </summary>
internal static class BpeMerger
{
    private const int ShortWord = 32;
    private const int VeryLongWord = 1 << 13;

    /// <summary>
    /// Merges in place. <paramref name="ids"/> are the word's symbols and <paramref name="sizes"/> how many bytes of it each stands for;
    /// returns how many symbols are left.
    /// </summary>
    public static int Merge(MergeTable merges, Span<int> ids, Span<int> sizes) => ids.Length switch
    {
        <= ShortWord => MergeShort(merges, ids, sizes),
        <= VeryLongWord => MergeLong(merges, ids, sizes, new PairHeap(ids.Length)),
        _ => MergeLong(merges, ids, sizes, new PairQueue(ids.Length)),
    };

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

    private static int MergeLong<TQueue>(MergeTable merges, Span<int> ids, Span<int> sizes, TQueue queue)
        where TQueue : IPairQueue
    {
        int[] rented = Scratch<int>.Rent(ids.Length);
        Span<int> lengths = rented.AsSpan(0, ids.Length);
        lengths.Fill(1);
        for (int i = 0; i + 1 < ids.Length; i++) queue.Add(merges.RankOf(ids[i], ids[i + 1], out _), i);
        while (queue.TryTake(out int rank, out int left))
        {
            // An entry is out of date where its pair is gone: the pair that stands there now has another rank.
            int right = left + lengths[left];
            if (lengths[left] <= 0 || right == ids.Length || merges.RankOf(ids[left], ids[right], out int product) != rank) continue;
            ids[left] = product;
            int after = Join(lengths, left, right);
            if (after < ids.Length) queue.Add(merges.RankOf(product, ids[after], out _), left);
            if (left == 0) continue;
            int before = left - Math.Abs(lengths[left - 1]);
            queue.Add(merges.RankOf(ids[before], product, out _), before);
        }

        int count = Compact(ids, sizes, lengths);
        queue.Dispose();
        Scratch<int>.Return(rented);
        return count;
    }

    /// <summary>
    /// Joins two neighbours and returns where the next symbol begins. A symbol's length, in symbols of the unmerged word, stands at its first place, and negated
    /// at its last: so both neighbours are found without links. All other places hold no positive number.
    /// </summary>
    private static int Join(Span<int> lengths, int left, int right)
    {
        int length = lengths[left] + lengths[right];
        lengths[right] = 0;
        lengths[left] = length;
        lengths[left + length - 1] = -length;
        return left + length;
    }

    private static int Compact(Span<int> ids, Span<int> sizes, ReadOnlySpan<int> lengths)
    {
        int count = 0;
        for (int i = 0; i < ids.Length; count++)
        {
            int size = 0;
            int end = i + lengths[i];
            ids[count] = ids[i];
            for (; i < end; i++) size += sizes[i];
            sizes[count] = size;
        }

        return count;
    }
}
