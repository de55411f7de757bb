using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Tests.Weights;

public sealed class TransposedRowsTests
{
    [Fact]
    public void Read_AnyRangeOfTheSecondMatrix_IsItsColumns()
    {
        // Two matrices of 3 x 5, one behind the other.
        NumberedRows elements = new(30, 1, first: 0);

        RowRanges.AssertAll(
            new TransposedRows(elements, start: 15, rows: 5, columns: 3),
            [.. Enumerable.Range(0, 5).Select(row => Enumerable.Range(0, 3).Select(column => 15f + (column * 5) + row).ToArray())]);
    }
}
