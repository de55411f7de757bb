namespace Onnx.Llama.Decoding;

/// <summary>
/// What one step does: for each slot its new tokens, of any number, and the logits wanted. Rows of logits stand in the order of the entries:
/// none, one, or one per token each. A plan may be cleared and filled again, which costs no allocation once it has had its greatest size.
/// </summary>
public sealed class StepPlan
{
    private StepEntry[] _entries = new StepEntry[1];
    private int[] _tokens = new int[1];
    private int _tokenCount;

    /// <summary>How many sequences take part.</summary>
    public int Count { get; private set; }

    /// <summary>How many rows of logits the step gives.</summary>
    public int LogitRows { get; private set; }

    /// <summary>An entry, in the order added.</summary>
    public StepEntry this[int index] => index < Count
        ? _entries[index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"expected less than {Count}");

    /// <summary>An entry's new tokens.</summary>
    public ReadOnlySpan<int> Tokens(StepEntry entry) => _tokens.AsSpan(entry.Start, entry.Count);

    /// <summary>Adds a sequence.</summary>
    /// <param name="slot">Its slot; a slot stands in a plan once.</param>
    /// <param name="tokens">Its new tokens, at least one; copied.</param>
    /// <param name="wanted">The logits wanted.</param>
    /// <returns>The index of its first row of logits.</returns>
    /// <exception cref="ArgumentException">There are no tokens.</exception>
    public int Add(KvSlot slot, ReadOnlySpan<int> tokens, LogitsWanted wanted = LogitsWanted.Last)
    {
        ArgumentNullException.ThrowIfNull(slot);
        if (tokens.IsEmpty) throw new ArgumentException("no tokens; expected at least one", nameof(tokens));
        if (Count == _entries.Length) Array.Resize(ref _entries, 2 * Count);
        int end = checked(_tokenCount + tokens.Length);
        if (end > _tokens.Length) Array.Resize(ref _tokens, Math.Max(end, (int)Math.Min(2L * _tokens.Length, Array.MaxLength)));
        tokens.CopyTo(_tokens.AsSpan(_tokenCount));
        StepEntry entry = new(slot, _tokenCount, tokens.Length, wanted, LogitRows);
        _entries[Count++] = entry;
        _tokenCount = end;
        LogitRows += entry.LogitRows;
        return entry.FirstRow;
    }

    /// <summary>Empties the plan.</summary>
    public void Clear()
    {
        Array.Clear(_entries, 0, Count);
        Count = LogitRows = _tokenCount = 0;
    }
}
