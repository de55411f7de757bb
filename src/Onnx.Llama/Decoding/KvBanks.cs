namespace Onnx.Llama.Decoding;

/// <summary>All slots' memory within one budget: a bank per capacity in use, or per slot on a device.</summary>
internal sealed class KvBanks(DecoderGraph graph, int contextLength, long? budget) : IDisposable
{
    private readonly List<KvBank> _banks = [];

    /// <summary>Bytes that all banks take.</summary>
    public long Bytes { get; private set; }

    /// <summary>Puts a slot, with what it holds, into a row of this capacity.</summary>
    /// <exception cref="ModelException">The capacity, or the memory it takes, is too much.</exception>
    public void Place(RowSlot slot, int capacity)
    {
        if (capacity < 1 || capacity > contextLength)
        {
            throw new ModelException(
                graph.File, $"room for {capacity} tokens was asked for", $"1 to {contextLength}, the model's context", "Ask for fewer tokens.");
        }

        KvBank? shared = graph.Memory.IsHost ? _banks.Find(other => other.Capacity == capacity) : null;
        KvBank bank = shared ?? new KvBank(graph, capacity);
        if (bank.Count == bank.Rows) AddRows(bank);
        if (shared is null) _banks.Add(bank);
        KvBank? source = slot.Bank;
        bank.Add(slot);
        if (source is not null) FreeIfEmpty(source);
    }

    /// <summary>Takes a slot's row back.</summary>
    public void Remove(RowSlot slot)
    {
        if (slot.Bank is not { } bank) return;
        bank.Remove(slot);
        FreeIfEmpty(bank);
    }

    public void Dispose()
    {
        foreach (KvBank bank in _banks) bank.Dispose();
        _banks.Clear();
        Bytes = 0;
    }

    /// <summary>Doubles the rows, or adds the one needed where the budget has no room for more.</summary>
    private void AddRows(KvBank bank)
    {
        long left = budget is { } most ? (most - Bytes) / bank.RowBytes : int.MaxValue;
        if (left < 1)
        {
            throw new ModelException(
                "KvBudget",
                $"{bank.RowBytes} bytes are needed for a sequence of {bank.Capacity} tokens, and {Bytes} are in use",
                $"at most {budget} together",
                "Raise the budget, ask for fewer tokens, or run fewer sequences at once.");
        }

        int added = (int)Math.Min(left, Math.Max(1, bank.Rows));
        bank.Resize(checked(bank.Rows + added));
        Bytes += added * bank.RowBytes;
    }

    private void FreeIfEmpty(KvBank bank)
    {
        if (bank.Count > 0) return;
        Bytes -= bank.Bytes;
        bank.Dispose();
        _banks.Remove(bank);
    }
}
