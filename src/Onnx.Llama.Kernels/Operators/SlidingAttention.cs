using Onnx.Llama.Kernels.Attention;
using Onnx.Llama.Kernels.Native;

namespace Onnx.Llama.Kernels.Operators;

/// <summary>
/// Attention over caches that slide. The new tokens of a row are computed in pieces, each of which ends where the cache must slide next, so that every query
/// finds its keys; the pieces depend on the row's length alone, and with them a result's bits. Single tokens of all rows are computed together.
/// </summary>
internal static unsafe class SlidingAttention
{
    public static void Run(KernelContext context, in AttentionCall whole, SlidingWindow window)
    {
        if (whole.Shape.Tokens == 1)
        {
            Together(context, whole, window);
            return;
        }

        for (int row = 0; row < whole.Shape.Rows; row++) Row(context, whole, window, row);
    }

    private static void Together(KernelContext context, AttentionCall call, SlidingWindow window)
    {
        int rows = call.Shape.Rows;
        using Workspace workspace = Workspace.Rent(rows * (sizeof(long) + sizeof(int) + sizeof(int)));
        var positions = (long*)workspace.Pointer;
        var past = (int*)(positions + rows);
        int* last = past + rows;
        for (int row = 0; row < rows; row++)
        {
            AttentionRow at = call.Row(row);
            if (at.New > 0) Slide(call, window, row, at.Past);
            positions[row] = at.Past;
            past[row] = at.Past - window.Dropped(at.Past + at.New);
            last[row] = past[row] + at.New - 1;
        }

        call.Positions = positions;
        call.Past = past;
        call.LastKeys = last;
        AttentionPhases.Run(context, ref call);
    }

    private static void Row(KernelContext context, in AttentionCall whole, SlidingWindow window, int row)
    {
        AttentionRow at = whole.Row(row);
        long width = (long)whole.Shape.Heads * whole.Shape.HeadSize;
        float* output = whole.Output + (row * whole.Shape.Tokens * width);
        new Span<float>(output + (at.New * width), checked((int)((whole.Shape.Tokens - at.New) * width))).Clear();
        using Workspace workspace = Workspace.Rent(((long)at.New + 1) * sizeof(long));
        var positions = (long*)workspace.Pointer;
        for (int done = 0; done < at.New;)
        {
            int length = at.Past + done;
            int count = window.Piece(length, at.New - done);
            Slide(whole, window, row, length);
            for (int i = 0; i < count; i++) positions[i] = length + i;
            int past = length - window.Dropped(length + 1);
            int last = past + count - 1;
            AttentionCall piece = whole;
            piece.Shape = whole.Shape with { Rows = 1, Tokens = count };
            long first = ((long)row * whole.Shape.Tokens) + done;
            piece.Query += first * whole.QueryStride;
            piece.NewKeys += first * whole.KeyStride;
            piece.NewValues += first * whole.KeyStride;
            piece.Output = output + (done * width);
            piece.Keys.Base += row * whole.Keys.RowStride;
            piece.Values.Base += row * whole.Values.RowStride;
            piece.Positions = positions;
            piece.Past = &past;
            piece.LastKeys = &last;
            AttentionPhases.Run(context, ref piece);
            done += count;
        }
    }

    private static void Slide(in AttentionCall call, SlidingWindow window, int row, int length)
    {
        for (int head = 0; head < call.Shape.KvHeads; head++)
        {
            window.Slide(call.Keys.Of(row, head).Base, length, call.Shape.HeadSize);
            window.Slide(call.Values.Of(row, head).Base, length, call.Shape.HeadSize);
        }
    }
}
