using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Output;

namespace Onnx.Llama.Conversion.Weights;

/// <summary>The rows of two matrices of one shape in turn: even rows of the first, odd rows of the second.</summary>
internal sealed class AlternatingRows(RowSource even, RowSource odd) : RowSource
{
    public override long Rows => 2 * even.Rows;

    public override int Columns => even.Columns;

    public override IEnumerable<TensorInfo> Tensors => even.Tensors.Concat(odd.Tensors).Distinct();

    public override void Read(long first, Span<float> destination)
    {
        long end = first + (destination.Length / Columns);
        Spread(even, (first + 1) / 2, (end + 1) / 2, 0, first, destination);
        Spread(odd, first / 2, end / 2, 1, first, destination);
    }

    private void Spread(RowSource source, long start, long end, int parity, long first, Span<float> destination)
    {
        using Scratch<float> rows = new(checked((int)(end - start) * Columns));
        if (rows.Span.IsEmpty) return;
        source.Read(start, rows.Span);
        for (long row = start; row < end; row++)
        {
            int to = (int)((2 * row) + parity - first);
            rows.Span.Slice((int)(row - start) * Columns, Columns).CopyTo(destination.Slice(to * Columns, Columns));
        }
    }
}
