using Onnx.Llama.Conversion.Blocks;
using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Tests.Weights;

public sealed class HeadRowsTests
{
    private const int Heads = 3;
    private const int HeadDim = 10;
    private const int Width = 16;
    private const int Columns = 2;

    [Fact]
    public void Read_RotatedHeads_HalvesOfEachHeadAtHalvesOfThePaddedOne()
    {
        NumberedRows source = new(Heads * HeadDim, Columns, 1);
        List<float[]> expected = [];
        for (int head = 0; head < Heads; head++)
        {
            for (int half = 0; half < 2; half++)
            {
                for (int i = 0; i < HeadDim / 2; i++) expected.Add(source.Row((head * HeadDim) + (half * HeadDim / 2) + i));
                for (int i = HeadDim / 2; i < Width / 2; i++) expected.Add(new float[Columns]);
            }
        }

        RowRanges.AssertAll(new HeadRows(source, Heads, new HeadLayout(HeadDim, HeadDim, interleaved: false).Rotated), expected);
    }

    [Fact]
    public void Read_PlainHeads_PaddingStandsAfterEachHead()
    {
        NumberedRows source = new(Heads * HeadDim, Columns, 1);
        List<float[]> expected = [];
        for (int head = 0; head < Heads; head++)
        {
            for (int i = 0; i < Width; i++) expected.Add(i < HeadDim ? source.Row((head * HeadDim) + i) : new float[Columns]);
        }

        RowRanges.AssertAll(new HeadRows(source, Heads, new HeadLayout(HeadDim, HeadDim, interleaved: false).Plain), expected);
    }
}
