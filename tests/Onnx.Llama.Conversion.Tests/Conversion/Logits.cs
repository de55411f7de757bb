using Onnx.Llama.Decoding;

namespace Onnx.Llama.Conversion.Tests.Conversion;

/// <summary>Logits of a converted folder, and how far they are from others.</summary>
internal static class Logits
{
    /// <summary>[positions, vocabulary], of every token of a text.</summary>
    public static float[] Of(string folder, int[] ids)
    {
        using LanguageModel model = Converted.Open(folder);
        using KvSlot slot = model.Decoder.Rent(ids.Length);
        StepPlan plan = new();
        plan.Add(slot, ids, LogitsWanted.All);
        model.Decoder.Step(plan, TestContext.Current.CancellationToken);
        return [.. Enumerable.Range(0, ids.Length).SelectMany(row => model.Decoder.Logits(row).ToArray())];
    }

    /// <summary>The greatest difference, as a share of the expected numbers' standard deviation; NaN if there is one.</summary>
    public static double GreatestDifferenceInStd(float[] expected, float[] found)
        => GreatestDifference(expected, found) / StandardDeviation(expected);

    /// <summary>The greatest difference; NaN if there is one.</summary>
    public static double GreatestDifference(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        return expected.Zip(found, (e, f) => Math.Abs((double)e - f)).Aggregate(Math.Max);
    }

    /// <summary>The root of the mean squared distance from the mean.</summary>
    public static double StandardDeviation(float[] values)
    {
        double mean = values.Average(value => (double)value);
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    /// <summary>The root of the mean squared difference over that of the mean squared number.</summary>
    public static double RelativeRms(float[] expected, float[] found) =>
        RelativeRms(Array.ConvertAll(expected, value => (double)value), Array.ConvertAll(found, value => (double)value));

    /// <inheritdoc cref="RelativeRms(float[], float[])"/>
    public static double RelativeRms(IReadOnlyCollection<double> expected, IReadOnlyCollection<double> found)
    {
        Assert.Equal(expected.Count, found.Count);
        return Math.Sqrt(expected.Zip(found, (e, f) => (e - f) * (e - f)).Sum() / expected.Sum(e => e * e));
    }
}
