using Onnx.Llama.Conversion.Blocks;

namespace Onnx.Llama.Conversion.Tests.Blocks;

public sealed class HeadLayoutTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(128)]
    public void Constructor_MultipleOf16_LeavesHeadsAsTheyAre(int headDim)
    {
        HeadLayout layout = Whole(headDim);

        Assert.False(layout.IsMoved || layout.IsPadded);
        Assert.Equal(Enumerable.Range(0, headDim), layout.Rotated);
        Assert.Equal(Enumerable.Range(0, headDim), layout.Plain);
    }

    [Theory]
    [InlineData(2, 16)]
    [InlineData(8, 16)]
    [InlineData(18, 32)]
    [InlineData(72, 80)]
    public void Constructor_OtherWidths_PadsToTheNextMultipleOf16(int headDim, int width)
    {
        HeadLayout layout = Whole(headDim);

        Assert.True(layout.IsPadded);
        Assert.Equal(width, layout.Width);
        Assert.Equal(Enumerable.Range(0, headDim).Concat(Enumerable.Repeat(-1, width - headDim)), layout.Plain);
        Assert.Equal(Enumerable.Range(0, headDim), layout.Rotated.Where(row => row >= 0).Order());
    }

    /// <summary>Rotating pairs (i, i + headDim / 2) and then moving is moving and then rotating pairs (i, i + width / 2).</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(24)]
    [InlineData(72)]
    public void Rotated_MovedHead_RotatesAsTheHeadItself(int headDim)
    {
        HeadLayout layout = Whole(headDim);
        Random random = new(headDim);
        float[] head = [.. Enumerable.Range(0, headDim).Select(_ => random.NextSingle())];
        double[] angles = [.. Enumerable.Range(0, headDim / 2).Select(pair => 3 * Math.Pow(100, -2.0 * pair / headDim))];

        float[] movedThenRotated = Rotate(Move(head, layout), [.. angles, .. new double[(layout.Width - headDim) / 2]]);

        Assert.Equal(Move(Rotate(head, angles), layout), movedThenRotated);
    }

    /// <summary>Interleaved pairs, and a part of the head, are rotated as in the checkpoint and then moved.</summary>
    [Theory]
    [InlineData(16, 16, true)]
    [InlineData(16, 8, true)]
    [InlineData(16, 12, false)]
    [InlineData(80, 32, false)]
    [InlineData(20, 10, true)]
    [InlineData(24, 6, false)]
    public void Rotated_InterleavedOrPartialHead_RotatesAsTheHeadItself(int headDim, int rotated, bool interleaved)
    {
        HeadLayout layout = new(headDim, rotated, interleaved);
        Random random = new(headDim + rotated);
        float[] head = [.. Enumerable.Range(0, headDim).Select(_ => random.NextSingle())];
        double[] angles = [.. Enumerable.Range(0, rotated / 2).Select(pair => 3 * Math.Pow(100, -2.0 * pair / rotated))];
        float[] expected = [.. head];
        for (int pair = 0; pair < rotated / 2; pair++)
        {
            (int a, int b) = interleaved ? (2 * pair, (2 * pair) + 1) : (pair, pair + (rotated / 2));
            (double sin, double cos) = Math.SinCos(angles[pair]);
            expected[a] = (float)((head[a] * cos) - (head[b] * sin));
            expected[b] = (float)((head[b] * cos) + (head[a] * sin));
        }

        float[] movedThenRotated = Rotate(Move(head, layout), [.. angles, .. new double[(layout.Width - rotated) / 2]]);

        Assert.Equal(Move(expected, layout), movedThenRotated);
    }

    private static HeadLayout Whole(int headDim) => new(headDim, headDim, interleaved: false);

    private static float[] Move(float[] head, HeadLayout layout) => [.. layout.Rotated.Select(row => row < 0 ? 0 : head[row])];

    private static float[] Rotate(float[] head, double[] angles)
    {
        int half = head.Length / 2;
        float[] rotated = new float[head.Length];
        for (int i = 0; i < half; i++)
        {
            (double sin, double cos) = Math.SinCos(angles[i]);
            rotated[i] = (float)((head[i] * cos) - (head[i + half] * sin));
            rotated[i + half] = (float)((head[i + half] * cos) + (head[i] * sin));
        }

        return rotated;
    }
}
