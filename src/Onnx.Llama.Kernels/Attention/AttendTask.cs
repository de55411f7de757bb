namespace Onnx.Llama.Kernels.Attention;

/// <summary>The queries of a task: positions of a row by heads that share their keys and values.</summary>
internal readonly record struct AttendTask(int Row, int KvHead, int FirstHead, int Heads, int FirstToken, int Tokens)
{
    /// <summary>The longest contexts come first, so that the last tasks to run are short ones.</summary>
    public static AttendTask Of(in AttentionCall call, int task)
    {
        AttentionShape shape = call.Shape;
        AttentionPlan plan = new(shape, call.Threads);
        (task, int part) = Math.DivRem(task, plan.Parts);
        (task, int kvHead) = Math.DivRem(task, shape.KvHeads);
        (int tile, int row) = Math.DivRem(task, shape.Rows);
        int firstToken = (plan.Tiles - 1 - tile) * plan.Positions;
        int firstHead = part * plan.HeadsPerTask;
        int heads = Math.Min(plan.HeadsPerTask, shape.Group - firstHead);
        return new(row, kvHead, (kvHead * shape.Group) + firstHead, heads, firstToken, Math.Min(plan.Positions, shape.Tokens - firstToken));
    }
}
