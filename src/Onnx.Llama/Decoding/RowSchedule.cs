namespace Onnx.Llama.Decoding;

/// <summary>
/// Splits a plan into runs of the graph that stock operators allow: more than one new token per sequence with a past only for one row at a time
/// (GroupQueryAttention's rule), one new token per sequence for any rows that lie together.
/// </summary>
/// <param name="chunk">Tokens of a prompt in one run, at least 2; the last run may have one more.</param>
/// <param name="single">Whether prompts must stay whole and rows alone, because the rotation depends on the sequence's length.</param>
/// <param name="lastOnly">Whether the graph can give the last position's logits alone.</param>
internal sealed class RowSchedule(int chunk, bool single, bool lastOnly)
{
    /// <summary>
    /// How many positions the head works on where the last one's logits are wanted: ONNX Runtime's product with 4-bit weights (MatMulNBits, accuracy
    /// level 4, AVX2) rounds one row differently than several, and a prompt's logits are not to depend on how many of them were asked for.
    /// </summary>
    public const int LastPositions = 2;

    /// <summary>GroupQueryAttention on the CPU takes so many queries at a time.</summary>
    private const int QueryBlock = 64;

    private readonly List<GraphRun> _runs = [];
    private readonly List<KvBank> _stepping = [];
    private int[] _rows = new int[1];
    private int _used;

    /// <summary>Whether sequences with one new token run together; otherwise one after the other.</summary>
    public bool Together { get; set; } = true;

    /// <summary>The runs, in order.</summary>
    public List<GraphRun> Runs => _runs;

    /// <summary>Rows of the logits' buffer that the runs need.</summary>
    public int BufferRows { get; private set; }

    /// <summary>How many rows of logits the plan asked for.</summary>
    public int LogitRows { get; private set; }

    /// <summary>The row of the logits' buffer that holds a row of the plan.</summary>
    public int BufferRow(int row) => row >= 0 && row < LogitRows
        ? _rows[row]
        : throw new ArgumentOutOfRangeException(nameof(row), row, $"the last step gave {LogitRows} rows of logits");

    /// <summary>Forgets the last plan.</summary>
    public void Clear()
    {
        _runs.Clear();
        BufferRows = LogitRows = _used = 0;
    }

    /// <summary>Arranges a plan's runs. Rows of the banks may change places.</summary>
    public void Arrange(StepPlan plan)
    {
        Clear();
        if (_rows.Length < plan.LogitRows) _rows = new int[Math.Max(plan.LogitRows, 2 * _rows.Length)];
        if (!single) AddTogether(plan);
        for (int index = 0; index < plan.Count; index++)
        {
            StepEntry entry = plan[index];
            RowSlot slot = (RowSlot)entry.Slot;
            if (slot.IsStepping) Locate(entry, slot);
            else AddPieces(entry, index, slot);
        }

        LogitRows = plan.LogitRows;
    }

    /// <summary>The runs of one token per row. They come first: gathering them may move other rows, whose pieces must be told their final place.</summary>
    private void AddTogether(StepPlan plan)
    {
        for (int index = 0; index < plan.Count; index++)
        {
            StepEntry entry = plan[index];
            RowSlot slot = (RowSlot)entry.Slot;
            if (entry.Count > 1 || slot.RunsAgain(1) > 0) continue;
            if (slot.Bank!.Stepping++ == 0) _stepping.Add(slot.Bank);
            slot.IsStepping = true;
            slot.NextToken = plan.Tokens(entry)[0];
        }

        foreach (KvBank bank in _stepping)
        {
            int first = bank.Gather();
            int rows = Together ? bank.Stepping : 1;
            for (int row = 0; row < bank.Stepping; row += rows)
            {
                _runs.Add(new GraphRun(bank, first + row, rows, Entry: -1, Start: 0, Count: 1, AllLogits: true, BufferRows + row, Positions: 1));
            }

            bank.LogitRowOfRow0 = BufferRows - first;
            BufferRows += bank.Stepping;
            bank.Stepping = 0;
        }

        _used = BufferRows;
        _stepping.Clear();
    }

    private void Locate(StepEntry entry, RowSlot slot)
    {
        if (entry.LogitRows == 1) _rows[entry.FirstRow] = slot.Bank!.LogitRowOfRow0 + slot.Row;
        slot.IsStepping = false;
    }

    private void AddPieces(StepEntry entry, int index, RowSlot slot)
    {
        bool all = entry.Wanted == LogitsWanted.All;
        int count;
        for (int start = -slot.RunsAgain(entry.Count); start < entry.Count; start += count)
        {
            count = Piece(entry.Count - start);
            int before = Math.Min(Math.Max(0, -start), count);
            bool wanted = all && before < count;
            int positions = wanted || !lastOnly ? count : Math.Min(count, LastPositions);
            _runs.Add(new GraphRun(slot.Bank!, slot.Row, Rows: 1, index, start, count, wanted, _used, positions));
            BufferRows = Math.Max(BufferRows, _used + positions);
            if (wanted) Keep(entry.FirstRow + start + before, _used + before, count - before);
            else if (entry.Wanted == LogitsWanted.Last && start + count == entry.Count) Keep(entry.FirstRow, _used + positions - 1, 1);
        }
    }

    /// <summary>
    /// The next piece's length. No query is left alone, neither as a piece nor behind the operator's full blocks of a piece: GroupQueryAttention weighs the
    /// values of one query by another product than those of several, which rounds differently; without such, a prompt's logits do not depend on where it was
    /// cut, to the last bit.
    /// </summary>
    private int Piece(int left)
    {
        if (single || left == 1) return left;
        int count = Math.Min(left, chunk);
        while (count > 1 && (count % QueryBlock == 1 || left - count == 1)) count--;
        return count > 1 ? count : left;
    }

    /// <summary>Notes where rows of the plan lie; what no one asked for is written over by the next run.</summary>
    private void Keep(int row, int bufferRow, int count)
    {
        for (int i = 0; i < count; i++) _rows[row + i] = bufferRow + i;
        _used = bufferRow + count;
    }
}
