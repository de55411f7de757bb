using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Onnx.Llama.Kernels.Rewriting;

namespace Onnx.Llama.Decoding;

/// <summary>
/// The decoder for graphs of stock operators: a slot is a row of buffers that are past and present at once, [rows, kvHeads, capacity, headDim], or as
/// long as a layer's window (<see cref="KvLayer"/>).
/// Prompts run row by row in pieces; single tokens of sequences with the same capacity run together, each row with its own length
/// (the mask is padded on the right). Native memory grows with what is asked for; managed memory does not grow from token to token.
/// </summary>
internal sealed class RowDecoder : IDecoder
{
    /// <summary>Long enough for matrix products at full speed, short enough for a cancellation to be felt soon.</summary>
    public const int DefaultChunk = 512;

    private readonly Lock _lock = new();
    private readonly DecoderGraph _graph;
    private readonly KvBanks _banks;
    private readonly StepInputs _inputs = new();
    private readonly RowSchedule _schedule;
    private readonly LogitBuffer _logits;

    /// <summary>Numbers of rows that were seen to give together what they give alone; null where nobody asks.</summary>
    private readonly HashSet<int>? _proven;

    private readonly int? _ropeSwitchAt;
    private bool _disposed;

    /// <summary>Takes over the graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="contextLength">The most tokens of a sequence.</param>
    /// <param name="lengthDependentRope">Whether prompts must stay whole and rows alone.</param>
    /// <param name="ropeSwitchAt">The length beyond which all keys are rotated by another table, so that a sequence that outgrows it runs again; null for none.</param>
    /// <param name="kvBudget">The most bytes of keys and values; null for no limit.</param>
    /// <param name="batchInvariant">Whether sequences run together only where that is seen to change no bit; not needed where it is known.</param>
    /// <param name="chunk">Tokens of a prompt in one run, at least 2; the last run may have one more.</param>
    public RowDecoder(
        DecoderGraph graph,
        int contextLength,
        bool lengthDependentRope = false,
        int? ropeSwitchAt = null,
        long? kvBudget = null,
        bool batchInvariant = true,
        int chunk = DefaultChunk)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chunk, 2);
        _graph = graph;
        _banks = new KvBanks(graph, contextLength, kvBudget);
        _logits = new LogitBuffer(graph.LogitType, graph.VocabularySize);
        _schedule = new RowSchedule(chunk, lengthDependentRope || ropeSwitchAt is not null, graph.LogitsFrom is not null);
        _proven = batchInvariant ? [] : null;
        ContextLength = contextLength;
        _ropeSwitchAt = ropeSwitchAt;
    }

    public KvLayout Layout => _graph.Layout;

    public int ContextLength { get; }

    public int VocabularySize => _graph.VocabularySize;

    /// <summary>What the kernels take over; null where ONNX Runtime's operators alone run.</summary>
    public KernelReport? Kernels => _graph.Kernels;

    public long KvBytes
    {
        get
        {
            lock (_lock) return _banks.Bytes;
        }
    }

    public KvSlot Rent(int capacity)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            RowSlot slot = new(this);
            _banks.Place(slot, capacity);
            return slot;
        }
    }

    public void Step(StepPlan plan, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _schedule.Clear();
            PlanCheck.Run(plan, this, _graph.File);
            _schedule.Arrange(plan);
            int started = 0;
            try
            {
                _logits.Reserve(_schedule.BufferRows);
                foreach (GraphRun run in CollectionsMarshal.AsSpan(_schedule.Runs))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    started++;
                    RunInvariantly(run, plan);
                }
            }
            catch
            {
                foreach (GraphRun run in CollectionsMarshal.AsSpan(_schedule.Runs)[..started]) GiveUp(run);
                _schedule.Clear();
                throw;
            }

            _logits.Decode(0, _schedule.BufferRows);
            for (int i = 0; i < plan.Count; i++) ((RowSlot)plan[i].Slot).Append(plan.Tokens(plan[i]));
        }
    }

    public ReadOnlySpan<float> Logits(int row)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _logits.Row(_schedule.BufferRow(row));
    }

    /// <summary>The least length to which a sequence of a length can be cut without its keys having to be computed again.</summary>
    public int LeastLength(int length)
    {
        int table = length > _ropeSwitchAt ? _ropeSwitchAt.Value + 1 : 0;
        return Math.Max(table, Layout.LeastLength(length));
    }

    /// <summary>Whether so many more tokens need another table of rotations than a sequence's keys have.</summary>
    public bool Outgrows(int length, int count) => length <= _ropeSwitchAt && length + count > _ropeSwitchAt;

    /// <summary>Moves a slot to a bank of greater capacity.</summary>
    public void Grow(RowSlot slot, int capacity)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed || slot.Bank is null, slot);
            if (capacity > slot.Capacity) _banks.Place(slot, capacity);
        }
    }

    /// <summary>Takes a slot back.</summary>
    public void Return(RowSlot slot)
    {
        lock (_lock)
        {
            if (!_disposed) _banks.Remove(slot);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            _banks.Dispose();
            _inputs.Dispose();
            _logits.Dispose();
            _graph.Dispose();
        }
    }

    /// <summary>
    /// Runs rows together where that is known to change no bit, or can be tried now. It cannot while a window drops keys: rows that ran together could not
    /// run again.
    /// </summary>
    private void RunInvariantly(GraphRun run, StepPlan plan)
    {
        bool proven = run.Rows == 1 || _proven?.Contains(run.Rows) != false;
        if (!proven && (!_schedule.Together || DropsKeys(run)))
        {
            RunAlone(run, plan);
            return;
        }

        Run(run, plan);
        if (!proven) Prove(run, plan);
    }

    private bool DropsKeys(GraphRun run)
    {
        for (int row = run.FirstRow; row < run.FirstRow + run.Rows; row++)
        {
            int length = run.Bank[row].Length;
            if (length < Layout.LeastLength(length + 1)) return true;
        }

        return false;
    }

    private void RunAlone(GraphRun run, StepPlan plan)
    {
        for (int row = 0; row < run.Rows; row++) Run(run with { FirstRow = run.FirstRow + row, Rows = 1, LogitRow = run.LogitRow + row }, plan);
    }

    /// <summary>After a run that was begun in a step that failed, whether it ran or not.</summary>
    private static void GiveUp(GraphRun run)
    {
        for (int row = run.FirstRow; row < run.FirstRow + run.Rows; row++)
        {
            RowSlot slot = run.Bank[row];
            slot.GiveUp(slot.Length + run.Start + run.Count);
        }
    }

    private void Run(GraphRun run, StepPlan plan)
    {
        int total = run.Entry < 0 ? FillTogether(run) : FillPiece(run, plan);
        _inputs.WantLogits(run.AllLogits);
        try
        {
            run.Bank.Binding(run.FirstRow, run.Rows).Run(_inputs, run.Count, total, _logits, run.LogitRow, run.Positions);
        }
        catch (OnnxRuntimeException fault)
        {
            throw new ModelException(_graph.File, $"running it failed: {fault.Message}", "a graph that ONNX Runtime runs", inner: fault);
        }
    }

    /// <summary>
    /// Runs rows again that ran together, each alone, which writes the same keys, values and logits if the machine's kernels do not care; if they do,
    /// rows run alone from now on. Measured rather than known: it depends on operator, precision and processor.
    /// </summary>
    private void Prove(GraphRun run, StepPlan plan)
    {
        Span<byte> logits = _logits.Written(run.LogitRow, run.Rows);
        byte[] together = logits.ToArray();
        RunAlone(run, plan);
        if (logits.SequenceEqual(together)) _proven!.Add(run.Rows);
        else _schedule.Together = false;
    }

    private int FillTogether(GraphRun run)
    {
        int total = 0;
        for (int i = 0; i < run.Rows; i++) total = Math.Max(total, run.Bank[run.FirstRow + i].Length + 1);
        _inputs.Reserve(run.Rows, 1, total);
        for (int i = 0; i < run.Rows; i++)
        {
            RowSlot slot = run.Bank[run.FirstRow + i];
            _inputs.Fill(i, [slot.NextToken], slot.Length, total);
        }

        return total;
    }

    /// <summary>A piece of a sequence's tokens and the new ones after them.</summary>
    private static ReadOnlySpan<int> Again(RowSlot slot, ReadOnlySpan<int> tokens, int start, int count)
    {
        int old = Math.Min(slot.Length - start, count);
        return (int[])[.. slot.Tokens.Slice(start, old), .. tokens[..(count - old)]];
    }

    private int FillPiece(GraphRun run, StepPlan plan)
    {
        RowSlot slot = run.Bank[run.FirstRow];
        int past = slot.Length + run.Start;
        int total = past + run.Count;
        ReadOnlySpan<int> tokens = plan.Tokens(plan[run.Entry]);
        _inputs.Reserve(1, run.Count, total);
        _inputs.Fill(0, run.Start < 0 ? Again(slot, tokens, past, run.Count) : tokens.Slice(run.Start, run.Count), past, total);
        return total;
    }
}
