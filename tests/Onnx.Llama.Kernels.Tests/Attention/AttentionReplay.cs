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
    private readonly Memory _keys;
    private readonly Memory _values;
    private readonly int[] _tables;
    private readonly int[] _done;
    private readonly float[][] _outputs;

    public AttentionReplay(AttentionInput input, InstructionSet form, int spare = 0, bool paged = false)
    {
        (_input, Form, _paged) = (input, form, paged);
        _capacity = input.Lengths.Max() + spare;
        int pages = (_capacity + 31) / 32;
        if (paged) _capacity = pages * 32;
        int floats = input.Lengths.Length * input.KvHeads * _capacity * input.HeadSize;
        (_keys, _values) = (new Memory(floats, Guard, Mark), new Memory(floats, Guard, Mark));
        _tables = [.. Enumerable.Range(0, input.Lengths.Length * pages)];
        new Random(floats).Shuffle(_tables);
        _done = new int[input.Lengths.Length];
        _outputs = [.. input.Lengths.Select(length => new float[length * Width])];
    }

    public InstructionSet Form { get; }

    public int Threads { get; init; } = 2;

    /// <summary>Past lengths are given, so that rows may have any number of new tokens; otherwise the operator's own rule holds.</summary>
    public bool GivesPast { get; init; } = true;

    /// <summary>Every task's result stands for itself: they run in the opposite order.</summary>
    public bool Backwards { get; init; }

    private int Width => _input.Heads * _input.HeadSize;

    /// <summary>Outputs of each row, [tokens, heads * headSize], of texts cut as told: new tokens of each row in each step.</summary>
    public static float[][] Run(AttentionInput input, InstructionSet form, IEnumerable<int[]> steps, bool paged = false, int threads = 2, bool backwards = false)
    {
        using AttentionReplay replay = new(input, form, spare: 5, paged) { Threads = threads, Backwards = backwards };
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
        int[] past = [.. _done];
        for (int row = 0; row < rows; row++) _done[row] += tokens[row];
        Call(longest, packed, output, past, [.. _done.Select(done => done - 1)]);
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

    private void Call(int tokens, float[] packed, float[] output, int[] past, int[] last)
    {
        fixed (float* packedAt = packed, outputAt = output, cos = _input.Cos, sin = _input.Sin, sinks = _input.Sinks)
        fixed (int* pastAt = past, lastAt = last, tables = _tables)
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
                Keys = Cache(_keys.Address, tables),
                Values = Cache(_values.Address, tables),
                Rotary = new() { Cos = cos, Sin = sin, Size = _input.RotarySize, Interleaved = _input.Interleaved },
                Softmax = new() { Scale = _input.Scale, Softcap = _input.Softcap, Window = _input.Window, Sinks = sinks, Smooth = _input.Smooth },
            };
            call.UsePacked(packedAt);
            for (int task = 0; task < call.CopyTasks; task++) call.Copy(task);
            for (int task = 0; task < call.AppendTasks; task++) call.Append(task);
            int tasks = call.AttendTasks;
            for (int task = 0; task < tasks; task++) call.Attend(Backwards ? tasks - 1 - task : task);
        }
    }

    private KvCache Cache(float* memory, int* tables) => _paged
        ? KvCache.Paged(memory, _input.KvHeads, _input.HeadSize, tables, (_capacity + 31) / 32)
        : KvCache.Contiguous(memory, _input.KvHeads, _capacity, _input.HeadSize);
}
