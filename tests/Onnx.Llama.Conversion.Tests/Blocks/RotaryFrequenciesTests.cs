using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Blocks;

namespace Onnx.Llama.Conversion.Tests.Blocks;

/// <summary>The angles against the papers' formulas in float64; a frequency in float32 is good to a few units of its last place, so an angle is too.</summary>
public sealed class RotaryFrequenciesTests
{
    private const int HeadDim = 64;
    private const double Theta = 500000;
    private const int Longest = 131072;

    [Fact]
    public void Of_Default_IsThePowerOfTheBase() => AssertAngles(new RopeConfig.Default(Theta, 1), pair => Power(pair));

    [Fact]
    public void Of_Dynamic_IsThePowerOfTheBaseWithinTheOriginalContext() => AssertAngles(new RopeConfig.Dynamic(Theta, 1, 4, 2048), pair => Power(pair));

    [Fact]
    public void Of_Linear_DividesByTheFactor() => AssertAngles(new RopeConfig.Linear(Theta, 1, 2.5), pair => Power(pair) / 2.5);

    [Fact]
    public void Of_Llama3_KeepsShortWavesAndDividesLongOnes()
    {
        const double Factor = 8, Low = 1, High = 4, Original = 8192;
        AssertAngles(new RopeConfig.Llama3(Theta, 1, Factor, Low, High, (int)Original), pair =>
        {
            double turns = Original * Power(pair) / (2 * Math.PI);
            double kept = Math.Clamp((turns - Low) / (High - Low), 0, 1);
            return Power(pair) * (kept + ((1 - kept) / Factor));
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_Yarn_KeepsFastPairsAndDividesSlowOnes(bool truncate)
    {
        const double Factor = 16, Fast = 32, Slow = 1, Original = 4096;
        RopeConfig.Yarn yarn = new(Theta, 1, Factor, (int)Original, null, null, null, Fast, Slow, truncate);
        double first = PairThatTurns(Fast), last = PairThatTurns(Slow);
        if (truncate) (first, last) = (Math.Floor(first), Math.Ceiling(last));

        AssertAngles(yarn, pair =>
        {
            double divided = Math.Clamp((pair - first) / (last - first), 0, 1);
            return Power(pair) * ((1 - divided) + (divided / Factor));
        });
        Assert.Equal((0.1 * Math.Log(Factor)) + 1, RotaryFrequencies.Of(yarn, HeadDim).AttentionFactor, 6);

        // Solve Original * Theta^(-2 pair / HeadDim) = 2 pi turns.
        static double PairThatTurns(double turns) => HeadDim / 2.0 * Math.Log(Original / (2 * Math.PI * turns), Theta);
    }

    [Theory]
    [InlineData(0.5, null, null, 0.5)]
    [InlineData(null, 0.7, 0.7, 1)]
    [InlineData(null, 1.0, 0.5, 1.12175)]
    public void Of_YarnWithScales_TakesTheGivenFactorOrTheirRatio(double? given, double? scale, double? scaleAll, double expected)
    {
        RopeConfig.Yarn yarn = new(Theta, 1, 16, 4096, given, scale, scaleAll, 32, 1, true);

        Assert.Equal(expected, RotaryFrequencies.Of(yarn, HeadDim).AttentionFactor, 5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LongRope_DividesByTheListOfTheLength(bool isLong)
    {
        const double Factor = 32;
        double[] shorter = [.. Enumerable.Range(0, HeadDim / 2).Select(pair => 1 + (pair / 64.0))];
        double[] longer = [.. Enumerable.Range(0, HeadDim / 2).Select(pair => 1 + pair)];
        RopeConfig.LongRope rope = new(Theta, 1, [.. shorter], [.. longer], Factor, null, 4096);

        RotaryFrequencies found = RotaryFrequencies.LongRope(rope, HeadDim, isLong);

        AssertAngles(found, pair => Power(pair) / (isLong ? longer : shorter)[pair]);
        Assert.Equal(Math.Sqrt(1 + (Math.Log(Factor) / Math.Log(4096))), found.AttentionFactor, 6);
    }

    [Fact]
    public void LongRope_ListOfAnotherLength_IsRefusedWithBothLengths()
    {
        ConversionException fault = Assert.Throws<ConversionException>(
            () => RotaryFrequencies.LongRope(new RopeConfig.LongRope(Theta, 1, [1], [1], 1, null, 4096), HeadDim, isLong: false));

        Assert.Contains("'short_factor' and 'long_factor' have 1 numbers; expected 32", fault.Message, StringComparison.Ordinal);
    }

    private static double Power(int pair) => Math.Pow(Theta, -2.0 * pair / HeadDim);

    private static void AssertAngles(RopeConfig rope, Func<int, double> expected) => AssertAngles(RotaryFrequencies.Of(rope, HeadDim), expected);

    private static void AssertAngles(RotaryFrequencies found, Func<int, double> expected)
    {
        float[] inverse = found.Inverse;
        Assert.Equal(HeadDim / 2, inverse.Length);
        foreach (int position in new[] { 0, 1, 8192, Longest - 1 })
        {
            for (int pair = 0; pair < inverse.Length; pair++)
            {
                double angle = position * expected(pair);
                Assert.InRange(position * (double)inverse[pair], angle * (1 - 2e-6), angle * (1 + 2e-6));
            }
        }
    }
}
