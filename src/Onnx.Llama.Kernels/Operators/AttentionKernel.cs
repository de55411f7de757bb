using Onnx.Llama.Kernels.Attention;
using Onnx.Llama.Kernels.Forms;
using Onnx.Llama.Kernels.Native;

namespace Onnx.Llama.Kernels.Operators;

/// <summary>An attention of one node.</summary>
internal sealed unsafe class AttentionKernel(AttentionSettings settings) : OperatorKernel
{
    private const int PastKey = 3;
    private const int SeqLens = 5;
    private const int Total = 6;
    private const int Cos = 7;
    private const int Sin = 8;
    private const int Sink = 9;

    private readonly int _threads = Environment.ProcessorCount;

    public override void Compute(KernelContext context)
    {
        TensorView query = context.Input(0);
        TensorView past = context.Input(PastKey);
        if (query.Rank != 3 || past.Rank != 4) throw Wrong($"query is {query} and past_key {past}; expected [rows, tokens, width] and [rows, kvHeads, capacity, headSize].");
        AttentionShape shape = Shape(query, past);
        AttentionCall call = new()
        {
            Form = Processor.Current,
            Shape = shape,
            Threads = _threads,
            LastKeys = Lengths(context, shape.Rows),
            TotalTokens = *(int*)Checked(context, Total, "total_sequence_length", 1).Data,
            Rotary = Rotation(context, shape),
            Softmax = Rules(context, shape),
        };
        long capacity = settings.Slides ? past[2] : Math.Max(past[2], call.TotalTokens);
        if (settings.Slides && (past[2] < settings.Window || past[2] > int.MaxValue)) throw Wrong($"past_key is {past}; expected a capacity of at least the window, {settings.Window}.");
        CheckLengths(call, settings.Slides ? long.MaxValue : capacity, settings.Slides ? long.MaxValue : past[2], RotationRows(context));
        Point(context, ref call, query);
        Keep(context, ref call, past, capacity);
        if (settings.Slides)
        {
            SlidingWindow window = new(settings.Window, (int)capacity);
            CopyKept(context, ref call, window);
            SlidingAttention.Run(context, call, window);
            return;
        }

        AttentionPhases.Copy(context, ref call);
        AttentionPhases.Run(context, ref call);
    }

    private AttentionShape Shape(TensorView query, TensorView past)
    {
        AttentionShape shape = new(Int(query[0]), Int(query[1]), settings.Heads, settings.KvHeads, Int(past[3]));
        bool fits = past[0] == shape.Rows && past[1] == shape.KvHeads && shape.HeadSize % 4 == 0 && shape.HeadSize is > 0 and <= AttentionShape.MaxHeadSize;
        return fits ? shape : throw Wrong($"query is {query} and past_key {past}; expected the same rows, {settings.KvHeads} heads of keys, and a head of 4 to {AttentionShape.MaxHeadSize} in steps of 4.");
    }

    private static int* Lengths(KernelContext context, int rows) => (int*)Checked(context, SeqLens, "seqlens_k", rows).Data;

    private Rotary Rotation(KernelContext context, AttentionShape shape)
    {
        TensorView cos = context.Input(Cos);
        TensorView sin = context.Input(Sin);
        if (!cos.IsThere) return default;
        bool fits = sin.IsThere && cos.Rank == 2 && sin.Rank == 2 && cos[0] == sin[0] && cos[1] == sin[1] && 2 * cos[1] <= shape.HeadSize;
        if (!fits) throw Wrong($"cos_cache is {cos} and sin_cache {(sin.IsThere ? sin.ToString() : "absent")}; expected the same [positions, at most {shape.HeadSize / 2}].");
        return new Rotary { Cos = (float*)cos.Data, Sin = (float*)sin.Data, Size = 2 * Int(cos[1]), Interleaved = settings.IsInterleaved };
    }

    private static long RotationRows(KernelContext context) => context.Input(Cos) is { IsThere: true } cos ? cos[0] : long.MaxValue;

    private SoftmaxRules Rules(KernelContext context, AttentionShape shape) => new()
    {
        Scale = settings.Scale,
        Softcap = settings.SoftCap,
        Window = settings.Window,
        Sinks = context.Input(Sink).IsThere ? (float*)Checked(context, Sink, "head_sink", shape.Heads).Data : null,
        Smooth = settings.IsSmooth,
    };

    /// <summary>Everything that becomes an address is checked here, once.</summary>
    private static void CheckLengths(in AttentionCall call, long capacity, long pastLength, long positions)
    {
        for (int row = 0; row < call.Shape.Rows; row++)
        {
            int total = call.LastKeys[row] + 1;
            AttentionRow at = call.Row(row);
            bool fits = total >= 0 && at.Past + at.New <= capacity && at.Past <= Math.Max(pastLength, 0) && at.Past + at.New <= positions;
            if (!fits) throw Wrong($"row {row} has {total} keys, {call.Shape.Tokens} of them new; expected at most {capacity} in all, {pastLength} before, and {positions} positions.");
        }
    }

    private static void Point(KernelContext context, ref AttentionCall call, TensorView query)
    {
        AttentionShape shape = call.Shape;
        long tokens = (long)shape.Rows * shape.Tokens;
        TensorView key = context.Input(1);
        long keyWidth = (long)shape.KvHeads * shape.HeadSize;
        long width = (long)shape.Heads * shape.HeadSize;
        if (key.IsThere)
        {
            if (query[2] != width) throw Wrong($"query is {query}; expected [rows, tokens, {width}].");
            float* keys = (float*)Checked(context, 1, "key", tokens * keyWidth).Data;
            call.UseSeparate((float*)query.Data, keys, (float*)Checked(context, 2, "value", tokens * keyWidth).Data);
        }
        else
        {
            if (query[2] != width + (2 * keyWidth)) throw Wrong($"query is {query} without key and value; expected [rows, tokens, {width + (2 * keyWidth)}].");
            call.UsePacked((float*)query.Data);
        }

        call.Output = (float*)context.Output(0, [shape.Rows, shape.Tokens, width]);
    }

    private static void Keep(KernelContext context, ref AttentionCall call, TensorView past, long capacity)
    {
        AttentionShape shape = call.Shape;
        TensorView pastValue = Checked(context, PastKey + 1, "past_value", past.Count);
        ReadOnlySpan<long> present = [shape.Rows, shape.KvHeads, capacity, shape.HeadSize];
        call.Keys = KvCache.Contiguous((float*)context.Output(1, present), shape.KvHeads, capacity, shape.HeadSize);
        call.Values = KvCache.Contiguous((float*)context.Output(2, present), shape.KvHeads, capacity, shape.HeadSize);
        if (past[2] == 0) return;
        call.PastKeys = KvCache.Contiguous((float*)past.Data, shape.KvHeads, past[2], shape.HeadSize);
        call.PastValues = KvCache.Contiguous((float*)pastValue.Data, shape.KvHeads, past[2], shape.HeadSize);
    }

    private static void CopyKept(KernelContext context, ref AttentionCall call, SlidingWindow window)
    {
        int rows = call.Shape.Rows;
        using Workspace workspace = Workspace.Rent(2L * rows * sizeof(int));
        var past = (int*)workspace.Pointer;
        int* last = past + rows;
        for (int row = 0; row < rows; row++)
        {
            int before = call.Row(row).Past;
            past[row] = before - window.Dropped(before);
            last[row] = past[row] - 1;
        }

        AttentionCall kept = call with { Past = past, LastKeys = last };
        AttentionPhases.Copy(context, ref kept);
    }

    private static TensorView Checked(KernelContext context, int index, string name, long count)
    {
        TensorView tensor = context.Input(index);
        return tensor.IsThere && tensor.Count == count
            ? tensor
            : throw Wrong($"{name} is {(tensor.IsThere ? tensor.ToString() : "absent")}; expected {count} elements.");
    }

    private static int Int(long size) => size is >= 0 and <= int.MaxValue ? (int)size : throw Wrong($"a dimension is {size}; expected 0 to {int.MaxValue}.");

    private static KernelException Wrong(string detail) => new(AttentionOperator.OperatorName, detail);
}
