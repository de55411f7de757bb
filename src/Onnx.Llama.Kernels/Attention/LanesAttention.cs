using System.Runtime.CompilerServices;
using Onnx.Llama.Kernels.Forms.Lanes;

namespace Onnx.Llama.Kernels.Attention;

/// <summary>
/// Attention with vectors: the queries of a task go together through the blocks of keys that any of them sees. Blocks count from the start of the
/// cache and each query adds them in order, so that its bits do not depend on the others in the tile.
/// </summary>
internal static unsafe class LanesAttention<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    [SkipLocalsInit]
    public static void Run(in AttentionCall call, AttendTask task)
    {
        AttentionRow row = call.Row(task.Row);
        int tokens = Math.Clamp(row.New - task.FirstToken, 0, task.Tokens);
        for (int token = tokens; token < task.Tokens; token++) Clear(in call, task, token);
        if (tokens == 0) return;
        float* memory = stackalloc float[AttentionPlan.ScratchFloats + AttentionScratch.SumStride];
        AttendTask present = task with { Tokens = tokens };
        AttentionScratch scratch = new(memory, tokens * task.Heads, call.Shape.HeadSize);
        Begin(in call, present, row.Past, in scratch);
        AddBlocks(in call, present, row.Past, in scratch);
        End(in call, present, in scratch);
    }

    private static void Begin(in AttentionCall call, AttendTask task, int past, in AttentionScratch scratch)
    {
        int size = call.Shape.HeadSize;
        int rows = task.Tokens * task.Heads;
        new Span<float>(scratch.Outputs, rows * scratch.Stride).Clear();
        new Span<float>(scratch.Sums, rows * AttentionScratch.SumStride).Clear();
        TVector factor = TLanes.Broadcast(call.Softmax.Factor(size));
        for (int row = 0; row < rows; row++)
        {
            (int token, int head) = Math.DivRem(row, task.Heads);
            token += task.FirstToken;
            head += task.FirstHead;
            long flat = ((long)task.Row * call.Shape.Tokens) + token;
            float* query = scratch.Queries + (row * scratch.Stride);
            call.Rotary.Turn<TLanes, TVector>(call.Query + (flat * call.QueryStride) + ((long)head * size), query, size, call.Position(task.Row, token, past));
            new Span<float>(query + size, scratch.Stride - size).Clear();
            for (int element = 0; element < scratch.Stride; element += TLanes.Count)
            {
                TLanes.Store(query + element, TLanes.Multiply(TLanes.Load(query + element), factor));
            }

            // A sink is a key that stands before all others.
            scratch.Largest[row] = call.Softmax.HasSink ? call.Softmax.Sink(head) : SoftmaxStep<TLanes, TVector>.NoScore;
            if (call.Softmax.HasSink) scratch.Sums[row * AttentionScratch.SumStride] = 1;
        }
    }

    private static void AddBlocks(in AttentionCall call, AttendTask task, int past, in AttentionScratch scratch)
    {
        int size = call.Shape.HeadSize;
        int rows = task.Tokens * task.Heads;
        int first = past + task.FirstToken;
        int from = call.Softmax.FirstKey(first);
        int to = first + task.Tokens;
        KvBlocks keys = call.Keys.Of(task.Row, task.KvHead);
        KvBlocks values = call.Values.Of(task.Row, task.KvHead);
        for (int block = from / KvBlocks.KeyBlock; block * KvBlocks.KeyBlock < to; block++)
        {
            int start = block * KvBlocks.KeyBlock;
            int seenFrom = Math.Max(0, from - start);
            int seenTo = Math.Min(KvBlocks.KeyBlock, to - start);
            int ahead = task.Tokens == 1 ? Math.Clamp(to - start - KvBlocks.KeyBlock, 0, KvBlocks.KeyBlock) * size : 0;
            if (ahead > 0) BlockPrefetch.Read(keys.Block(block + 1), ahead);
            ScoreTile<TLanes, TVector>.Run(in scratch, rows, keys.Block(block), size, seenFrom & ~3, seenTo);
            if (ahead > 0) BlockPrefetch.Read(values.Block(block + 1), ahead);
            Weigh(in call.Softmax, in scratch, task, first - start, start);
            ValueTile<TLanes, TVector>.Run(in scratch, rows, values.Block(block), size, seenFrom, seenTo);
        }
    }

    /// <summary>Turns the scores of a block into weights.</summary>
    /// <param name="rules">Cap and window.</param>
    /// <param name="scratch">Scores.</param>
    /// <param name="task">The queries.</param>
    /// <param name="own">The first query's own key, counted from the block's start.</param>
    /// <param name="start">The block's first key.</param>
    private static void Weigh(in SoftmaxRules rules, in AttentionScratch scratch, AttendTask task, int own, int start)
    {
        int row = 0;
        for (int token = 0; token < task.Tokens; token++, own++)
        {
            int from = Math.Max(0, rules.FirstKey(start + own) - start);
            for (int head = 0; head < task.Heads; head++, row++) SoftmaxStep<TLanes, TVector>.Run(in scratch, row, rules.Softcap, from, own + 1);
        }
    }

    private static void End(in AttentionCall call, AttendTask task, in AttentionScratch scratch)
    {
        int size = call.Shape.HeadSize;
        for (int row = 0; row < task.Tokens * task.Heads; row++)
        {
            (int token, int head) = Math.DivRem(row, task.Heads);
            float* target = Output(in call, task, token) + (head * size);
            float* output = scratch.Outputs + (row * scratch.Stride);
            TVector factor = TLanes.Broadcast(1 / TLanes.Sum(TLanes.Load(scratch.Sums + (row * AttentionScratch.SumStride))));
            for (int element = 0; element < size; element += TLanes.Count)
            {
                // Adding 0 makes -0 to 0: only the sign of a zero could tell which other queries were in the tile.
                TVector value = TLanes.FusedMultiplyAdd(TLanes.Load(output + element), factor, TLanes.Broadcast(0));
                TLanes.StoreFirst(target + element, Math.Min(TLanes.Count, size - element), value);
            }
        }
    }

    private static void Clear(in AttentionCall call, AttendTask task, int token) =>
        new Span<float>(Output(in call, task, token), task.Heads * call.Shape.HeadSize).Clear();

    /// <summary>The output of a token of the task, from the task's first head on.</summary>
    private static float* Output(in AttentionCall call, AttendTask task, int token)
    {
        long flat = ((long)task.Row * call.Shape.Tokens) + task.FirstToken + token;
        return call.Output + (((flat * call.Shape.Heads) + task.FirstHead) * call.Shape.HeadSize);
    }
}
