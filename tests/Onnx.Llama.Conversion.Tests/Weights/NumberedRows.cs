using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Tests.Weights;

/// <summary>A matrix whose numbers tell where they stand: first, first + 1, … row by row.</summary>
internal sealed class NumberedRows(int rows, int columns, float first) : RowSource
{
    public override long Rows => rows;

    public override int Columns => columns;

    public override IEnumerable<TensorInfo> Tensors => [];

    public float[] Row(int row) => [.. Enumerable.Range(0, columns).Select(column => first + (row * columns) + column)];

    public override void Read(long first, Span<float> destination)
    {
        Assert.True(first >= 0 && (first * columns) + destination.Length <= rows * columns, "read outside the matrix");
        for (int row = 0; row * columns < destination.Length; row++) Row((int)first + row).CopyTo(destination[(row * columns)..]);
    }
}
