using Onnx.Llama.Sampling;

namespace Onnx.Llama.Tests.Sampling;

public sealed class CounterRandomTests
{
    [Fact]
    public void Uniform_ManyPositionsAndSeeds_IsUniformAndUncorrelated()
    {
        const int Count = 100_000;
        double[] along = [.. Enumerable.Range(0, Count).Select(position => CounterRandom.Uniform(5, position))];
        double[] across = [.. Enumerable.Range(0, Count).Select(seed => CounterRandom.Uniform(seed, 5))];
        foreach (double[] numbers in new[] { along, across })
        {
            Assert.All(numbers, number => Assert.InRange(number, 0, 1 - double.Epsilon));
            Assert.Equal(0.5, numbers.Average(), 0.005);
            double squares = numbers.Take(Count - 1).Zip(numbers.Skip(1), (a, b) => (a - 0.5) * (b - 0.5)).Average();
            Assert.Equal(0, squares, 0.002);
            foreach (IGrouping<int, double> tenth in numbers.GroupBy(number => (int)(10 * number))) Assert.InRange(tenth.Count(), 9600, 10400);
        }
    }

    /// <summary>Seeds in use must go on giving the texts they gave.</summary>
    [Fact]
    public void Uniform_KnownSeeds_IsWhatItWas()
    {
        // SplitMix64's published sequence for seed 1234567 begins with this number, which is the stream's start.
        ulong start = Mix(unchecked(1234567UL + 0x9E3779B97F4A7C15));
        Assert.Equal(6457827717110365317UL, start);
        Assert.Equal((Mix(unchecked(start + 0x9E3779B97F4A7C15)) >> 11) * Math.Pow(2, -53), CounterRandom.Uniform(1234567, 0));
    }

    private static ulong Mix(ulong z)
    {
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }
}
