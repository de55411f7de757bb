using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Output;

namespace Onnx.Llama.Conversion.Weights;

/// <summary>A matrix that is stored the other way round, among others in one tensor.</summary>
/// <param name="elements">The tensor's numbers, one a row, so that a part of a stored row can be read.</param>
/// <param name="start">The matrix's first number.</param>
/// <param name="rows">Rows of the matrix: columns of the stored one.</param>
/// <param name="columns">Columns of the matrix: rows of the stored one.</param>
internal sealed class TransposedRows(RowSource elements, long start, long rows, int columns) : RowSource
{
    public override long Rows => rows;

    public override int Columns => columns;

    public override IEnumerable<TensorInfo> Tensors => elements.Tensors;

    public override void Read(long first, Span<float> destination)
    {
        int count = destination.Length / columns;
        using Scratch<float> part = new(count);
        for (int column = 0; column < columns; column++)
        {
            elements.Read(start + (column * rows) + first, part.Span);
            for (int row = 0; row < count; row++) destination[(row * columns) + column] = part.Span[row];
        }
    }
}
