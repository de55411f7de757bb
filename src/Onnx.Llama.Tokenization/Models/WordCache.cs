namespace Onnx.Llama.Tokenization.Models;

/// <summary>
/// The tokens of words met before. Threads share it without a lock: a slot holds an immutable entry or none, and a lost or overwritten entry only costs
/// its work again. It never holds more than a fixed number of short words.
/// </summary>
internal sealed class WordCache
{
    /// <summary>Longer words are not kept, in UTF-16 units.</summary>
    public const int MaxWordLength = 48;

    private const int Size = 1 << 16;
    private readonly Entry?[] _slots = new Entry?[Size];

    /// <summary>The tokens of a word, or null where it has not been met or was pushed out.</summary>
    public int[]? Find(ReadOnlySpan<char> word, uint hash)
    {
        Entry? entry = _slots[hash & (Size - 1)];
        if (entry is not null && word.SequenceEqual(entry.Word)) return entry.Ids;
        entry = _slots[(hash & (Size - 1)) ^ 1];
        return entry is not null && word.SequenceEqual(entry.Word) ? entry.Ids : null;
    }

    public void Add(ReadOnlySpan<char> word, uint hash, ReadOnlySpan<int> ids)
    {
        uint slot = hash & (Size - 1);
        if (_slots[slot] is not null && _slots[slot ^ 1] is null) slot ^= 1;
        Volatile.Write(ref _slots[slot], new Entry(word.ToString(), ids.ToArray()));
    }

    private sealed record Entry(string Word, int[] Ids);
}
