using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Tests.Weights;

public sealed class PaddedRowsTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    public void Read_AnyRange_HasZerosBehindTheSource(int rows)
    {
        NumberedRows source = new(4, 3, first: 1);

        RowRanges.AssertAll(new PaddedRows(source, rows), [.. Enumerable.Range(0, rows).Select(row => row < 4 ? source.Row(row) : new float[3])]);
    }
}
