using System.Numerics;

namespace Onnx.Llama.Tokenization.Models;

/// <summary>The merges by pair of ids: an open-addressing table, grown as merges are added. A pair given twice keeps its last rank.</summary>
/// <param name="expectedCount">About how many merges will be added.</param>
internal sealed class MergeTable(int expectedCount = 64)
{
    private const ulong Free = ulong.MaxValue;
    private Entry[] _entries = NewEntries((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(256, expectedCount * 2L)));
    private int _count;

    /// <summary>Adds the merge of a pair into a product; the lower the rank, the earlier it is done.</summary>
    public void Add(int left, int right, int rank, int product)
    {
        ulong key = KeyOf(left, right);
        ref Entry entry = ref Find(_entries, key);
        bool isNew = entry.Key == Free;
        entry = new Entry { Key = key, Rank = rank, Product = product };
        if (isNew && ++_count * 2 > _entries.Length) Grow();
    }

    /// <summary>The rank of a pair's merge, or <see cref="int.MaxValue"/> where there is none.</summary>
    public int RankOf(int left, int right, out int product)
    {
        ulong key = KeyOf(left, right);
        ref Entry entry = ref Find(_entries, key);
        product = entry.Product;
        return entry.Rank;
    }

    /// <summary>Whether any merge joins one of these ids.</summary>
    public bool UsesAny(HashSet<int> ids)
    {
        foreach (Entry entry in _entries)
        {
            if (entry.Key != Free && (ids.Contains((int)(entry.Key >> 32)) || ids.Contains((int)entry.Key))) return true;
        }

        return false;
    }

    private static ulong KeyOf(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    private static ref Entry Find(Entry[] entries, ulong key)
    {
        int mask = entries.Length - 1;
        int slot = (int)Hashing.Of(key) & mask;
        while (entries[slot].Key != key && entries[slot].Key != Free) slot = (slot + 1) & mask;
        return ref entries[slot];
    }

    private static Entry[] NewEntries(int size)
    {
        var entries = new Entry[size];
        Array.Fill(entries, new Entry { Key = Free, Rank = int.MaxValue, Product = -1 });
        return entries;
    }

    private void Grow()
    {
        Entry[] larger = NewEntries(_entries.Length * 2);
        foreach (Entry entry in _entries)
        {
            if (entry.Key != Free) Find(larger, entry.Key) = entry;
        }

        _entries = larger;
    }

    private struct Entry
    {
        public ulong Key;
        public int Rank;
        public int Product;
    }
}
