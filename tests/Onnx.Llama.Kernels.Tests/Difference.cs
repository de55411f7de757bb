namespace Onnx.Llama.Kernels.Tests;

/// <summary>How far results are from each other.</summary>
internal static class Difference
{
    /// <summary>Root of the mean square of the difference, as a share of the expected values' own.</summary>
    public static double Relative(IReadOnlyList<double> expected, IReadOnlyList<float> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        double error = 0;
        double norm = 0;
        for (int i = 0; i < expected.Count; i++)
        {
            error += Math.Pow(actual[i] - expected[i], 2);
            norm += expected[i] * expected[i];
        }

        return Math.Sqrt(error / norm);
    }

    public static double Relative(float[] expected, float[] actual) => Relative(Array.ConvertAll(expected, value => (double)value), actual);

    /// <summary>Within a relative difference, and not empty or zero throughout.</summary>
    public static void Near(float[] expected, float[] actual, double tolerance)
    {
        Assert.Contains(expected, value => value != 0);
        Assert.InRange(Relative(expected, actual), 0, tolerance);
    }

    /// <summary>The same bits.</summary>
    public static void None(float[] expected, float[] actual) =>
        Assert.Equal(Array.ConvertAll(expected, BitConverter.SingleToInt32Bits), Array.ConvertAll(actual, BitConverter.SingleToInt32Bits));

    public static float[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
}
