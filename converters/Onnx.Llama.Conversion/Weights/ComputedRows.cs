using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Weights;

/// <summary>A matrix that a formula gives, row by row.</summary>
internal sealed class ComputedRows(long rows, int columns, RowFormula formula) : RowSource
{
    public override long Rows => rows;

    public override int Columns => columns;

    public override IEnumerable<TensorInfo> Tensors => [];

    public override void Read(long first, Span<float> destination)
    {
        for (int row = 0; row * columns < destination.Length; row++)
        {
            formula(first + row, destination.Slice(row * columns, columns));
        }
    }
}

/// <summary>Computes one row.</summary>
internal delegate void RowFormula(long row, Span<float> destination);
