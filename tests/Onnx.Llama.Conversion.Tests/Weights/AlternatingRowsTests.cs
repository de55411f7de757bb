using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Tests.Weights;

public sealed class AlternatingRowsTests
{
    [Fact]
    public void Read_AnyRange_TakesRowsOfBothInTurn()
    {
        NumberedRows even = new(5, 3, first: 0), odd = new(5, 3, first: 100);

        RowRanges.AssertAll(new AlternatingRows(even, odd), [.. Enumerable.Range(0, 10).Select(row => (row % 2 == 0 ? even : odd).Row(row / 2))]);
    }
}
