using Onnx.Llama.Kernels.Attention;
using Onnx.Llama.Kernels.Forms;

namespace Onnx.Llama.Kernels.Tests.Attention;

/// <summary>Plays texts through the kernels, a part of each row at a time, with caches whose unused part is NaN and whose surroundings are watched.</summary>
internal sealed unsafe class AttentionReplay : IDisposable
{
    private const int Guard = 64;
    private const float Mark = 12345.678f;
    private readonly AttentionInput _input;
    private readonly int _capacity;
    private readonly bool _paged;
    private readonly int[] _dropped;
    private Memory _keys;
    private Memory _values;
    private readonly int[] _tables;
    private readonly int[] _done;
    private readonly float[][] _outputs;

    public AttentionReplay(AttentionInput input, InstructionSet form, int spare = 0, bool paged = false)
    {
        (_input, Form, _paged) = (input, form, paged);
        _capacity = input.Lengths.Max() + spare;
        int pages = (_capacity + 31) / 32;
        if (paged) _capacity = pages * 32;
        (_keys, _values) = (NewCache(), NewCache());
        _tables = [.. Enumerable.Range(0, input.Lengths.Length * pages)];
        new Random(pages).Shuffle(_tables);
        _done = new int[input.Lengths.Length];
        _dropped = new int[input.Lengths.Length];
        _outputs = [.. input.Lengths.Select(length => new float[length * Width])];
    }

    public InstructionSet Form { get; }

    public int Threads { get; init; } = 2;

    /// <summary>Past lengths are given, so that rows may have any number of new tokens; otherwise the operator's own rule holds.</summary>
    public bool GivesPast { get; init; } = true;

    /// <summary>Every task's result stands for itself: they run in the opposite order.</summary>
    public bool Backwards { get; init; }

    /// <summary>Queries, keys and values are tensors of their own.</summary>
    public bool IsSeparate { get; init; }

    /// <summary>Past and present are different buffers.</summary>
    public bool Copies { get; init; }

    /// <summary>Keys that no query will see again leave the cache, a block at a time.</summary>
    public bool DropsOld { get; init; }

    /// <summary>Managed bytes that the step took which took the fewest: a collection may add some that are not its own.</summary>
    public long LeastAllocated { get; private set; } = long.MaxValue;

    private int Width => _input.Heads * _input.HeadSize;

    /// <summary>Outputs of each row, [tokens, heads * headSize], of texts cut as told: new tokens of each row in each step.</summary>
    public static float[][] Run(
        AttentionInput input, InstructionSet form, IEnumerable<int[]> steps, bool paged = false, int threads = 2, bool backwards = false)
    {
        using AttentionReplay replay = new(input, form, spare: paged ? 5 : 0, paged) { Threads = threads, Backwards = backwards };
        foreach (int[] step in steps) replay.Step(step);
        return replay.Outputs();
    }

    /// <summary>The whole of each row in one step.</summary>
    public static float[][] Run(AttentionInput input, InstructionSet form) => Run(input, form, [input.Lengths]);

    /// <summary>Takes more tokens of each row.</summary>
    public void Step(params int[] tokens)
    {
        int longest = tokens.Max();
        int rows = tokens.Length;
        float[] packed = _input.Part(_done, tokens, float.NaN);
        float[] output = new float[(rows * longest * Width) + Guard];
        Array.Fill(output, Mark);
        if (DropsOld) DropOld();
        int[] past = [.. _done.Zip(_dropped, (done, dropped) => done - dropped)];
        long[] positions = [.. _done.SelectMany(done => Enumerable.Range(done, longest).Select(position => (long)position))];
        for (int row = 0; row < rows; row++) _done[row] += tokens[row];
        Call(longest, packed, output, past, [.. _done.Zip(_dropped, (done, dropped) => done - dropped - 1)], positions);
        for (int row = 0; row < rows; row++)
        {
            output.AsSpan(row * longest * Width, tokens[row] * Width).CopyTo(_outputs[row].AsSpan((_done[row] - tokens[row]) * Width));
            Assert.All(output[(((row * longest) + tokens[row]) * Width)..((row + 1) * longest * Width)], value => Assert.Equal(0, value));
        }

        Assert.All(output[^Guard..], value => Assert.Equal(Mark, value));
    }

    /// <summary>What has been computed of a row so far.</summary>
    public float[] Row(int row) => _outputs[row];

    /// <summary>What was computed, once every token has been taken.</summary>
    public float[][] Outputs()
    {
        Assert.Equal(_input.Lengths, _done);
        _keys.CheckGuards();
        _values.CheckGuards();
        return _outputs;
    }

    public void Dispose()
    {
        _keys.Dispose();
        _values.Dispose();
    }

    private void Call(int tokens, float[] packed, float[] output, int[] past, int[] last, long[] positions)
    {
        Memory pastKeys = _keys, pastValues = _values;
        if (Copies) (_keys, _values) = (NewCache(), NewCache());
        fixed (float* packedAt = packed, outputAt = output, cos = _input.Cos, sin = _input.Sin, sinks = _input.Sinks)
        fixed (int* pastAt = past, lastAt = last, tables = _tables)
        fixed (long* positionsAt = positions)
        {
            AttentionCall call = new()
            {
                Form = Form,
                Shape = _input.Shape(tokens),
                Threads = Threads,
                Output = outputAt,
                LastKeys = lastAt,
                Past = GivesPast ? pastAt : null,
                TotalTokens = last.Max() + 1,
                Positions = DropsOld ? positionsAt : null,
                PastKeys = Cache(pastKeys.Address, tables),
                PastValues = Cache(pastValues.Address, tables),
                Keys = Cache(_keys.Address, tables),
                Values = Cache(_values.Address, tables),
                Rotary = new() { Cos = cos, Sin = sin, Size = _input.RotarySize, Interleaved = _input.Interleaved },
                Softmax = new() { Scale = _input.Scale, Softcap = _input.Softcap, Window = _input.Window, Sinks = sinks, Smooth = _input.Smooth },
            };
            Run(ref call, packedAt, packed);
        }

        if (!Copies) return;
        pastKeys.Dispose();
        pastValues.Dispose();
    }

    private void Run(ref AttentionCall call, float* packedAt, float[] packed)
    {
        int queries = _input.Heads * _input.HeadSize, keys = _input.KvHeads * _input.HeadSize;
        fixed (float* query = Columns(packed, 0, queries), key = Columns(packed, queries, keys), value = Columns(packed, queries + keys, keys))
        {
            if (IsSeparate) call.UseSeparate(query, key, value);
            else call.UsePacked(packedAt);
            Assert.Equal(Copies, call.CopyTasks > 0);
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            for (int task = 0; task < call.CopyTasks; task++) call.Copy(task);
            for (int task = 0; task < call.AppendTasks; task++) call.Append(task);
            int tasks = call.AttendTasks;
            for (int task = 0; task < tasks; task++) call.Attend(Backwards ? tasks - 1 - task : task);
            LeastAllocated = Math.Min(LeastAllocated, GC.GetAllocatedBytesForCurrentThread() - allocated);
        }
    }

    private float[] Columns(float[] packed, int from, int count) => [.. packed.Chunk(_input.TokenWidth).SelectMany(token => token[from..(from + count)])];

    private Memory NewCache() => new(_input.Lengths.Length * _input.KvHeads * _capacity * _input.HeadSize, Guard, Mark);

    private void DropOld()
    {
        for (int row = 0; row < _done.Length; row++)
        {
            while (_done[row] - _dropped[row] - KvBlocks.KeyBlock >= _input.Window - 1)
            {
                for (int head = 0; head < _input.KvHeads; head++)
                {
                    Shift(_keys, row, head);
                    Shift(_values, row, head);
                }

                _dropped[row] += KvBlocks.KeyBlock;
            }
        }
    }

    private void Shift(Memory memory, int row, int head)
    {
        int block = KvBlocks.KeyBlock * _input.HeadSize;
        Span<float> part = new(memory.Address + (((row * _input.KvHeads) + head) * _capacity * _input.HeadSize), _capacity * _input.HeadSize);
        part[block..].CopyTo(part);
        part[^block..].Fill(float.NaN);
    }

    private KvCache Cache(float* memory, int* tables) => _paged
        ? KvCache.Paged(memory, _input.KvHeads, _input.HeadSize, tables, (_capacity + 31) / 32)
        : KvCache.Contiguous(memory, _input.KvHeads, _capacity, _input.HeadSize);
}
