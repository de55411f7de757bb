using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Tests.Weights;

public sealed class StackedRowsTests
{
    [Fact]
    public void Read_AnyRange_IsThatOfThePartsOneUnderTheOther()
    {
        NumberedRows[] parts = [new(3, 4, 0), new(5, 4, 100), new(1, 4, 200), new(2, 4, 300)];

        RowRanges.AssertAll(new StackedRows(parts), [.. parts.SelectMany(part => Enumerable.Range(0, (int)part.Rows).Select(part.Row))]);
    }
}
