using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Tests.Weights;

internal static class RowRanges
{
    /// <summary>Reads every range of rows and compares it with the whole matrix, assembled by hand.</summary>
    public static void AssertAll(RowSource source, IReadOnlyList<float[]> expected)
    {
        Assert.Equal(expected.Count, source.Rows);
        for (int first = 0; first < expected.Count; first++)
        {
            for (int count = 1; first + count <= expected.Count; count++)
            {
                float[] read = new float[count * source.Columns];
                Array.Fill(read, float.NaN);
                source.Read(first, read);
                Assert.Equal(expected.Skip(first).Take(count).SelectMany(row => row), read);
            }
        }
    }
}
