using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Blocks;

namespace Onnx.Llama.Conversion.Weights;

/// <summary>The rows of a projection to heads, each head's rows moved to where <see cref="HeadLayout"/> wants them; rows that it adds are zero.</summary>
/// <param name="source">[heads * headDim, columns].</param>
/// <param name="heads">Number of heads.</param>
/// <param name="rowOf">For each row of a laid-out head the row in the source's head, or -1.</param>
internal sealed class HeadRows(RowSource source, int heads, IReadOnlyList<int> rowOf) : RowSource
{
    private readonly int _headDim = checked((int)(source.Rows / heads));

    public override long Rows => (long)heads * rowOf.Count;

    public override int Columns => source.Columns;

    public override IEnumerable<TensorInfo> Tensors => source.Tensors;

    public override void Read(long first, Span<float> destination)
    {
        for (int row = 0; row * Columns < destination.Length; row++)
        {
            (long head, long position) = Math.DivRem(first + row, rowOf.Count);
            Span<float> target = destination.Slice(row * Columns, Columns);
            int from = rowOf[(int)position];
            if (from < 0) target.Clear();
            else source.Read((head * _headDim) + from, target);
        }
    }
}
