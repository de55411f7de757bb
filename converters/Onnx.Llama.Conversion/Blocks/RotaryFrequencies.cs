using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>
/// The angle per position of each rotated pair (RoPE, arXiv:2104.09864), for the rotated dimensions of a head, as transformers' modeling_rope_utils.py
/// computes it: in float32, so that long contexts see the same rounded angles.
/// </summary>
/// <param name="Inverse">inv_freq [pairs]: radians per position.</param>
/// <param name="AttentionFactor">Multiplies cos and sin.</param>
internal sealed record RotaryFrequencies(float[] Inverse, float AttentionFactor)
{
    /// <summary>The frequencies of a sequence no longer than the original context, where that matters.</summary>
    public static RotaryFrequencies Of(RopeConfig rope, int headDim) => rope switch
    {
        RopeConfig.Default or RopeConfig.Dynamic => new(Plain(rope.Theta, headDim), 1),
        RopeConfig.Linear linear => new([.. Plain(rope.Theta, headDim).Select(inverse => inverse / (float)linear.Factor)], 1),
        RopeConfig.Llama3 llama3 => new([.. Plain(rope.Theta, headDim).Select(inverse => Llama3(llama3, inverse))], 1),
        RopeConfig.Yarn yarn => new(Yarn(yarn, headDim), YarnAttentionFactor(yarn)),
        RopeConfig.LongRope longRope => LongRope(longRope, headDim, isLong: false),
        _ => throw new ArgumentOutOfRangeException(nameof(rope), rope, "expected a known kind"),
    };

    /// <summary>LongRoPE's frequencies (arXiv:2402.13753), of one of its two lists of divisors.</summary>
    /// <param name="rope">The settings.</param>
    /// <param name="headDim">The rotated dimensions of a head.</param>
    /// <param name="isLong">Whether the sequence is longer than the original context.</param>
    public static RotaryFrequencies LongRope(RopeConfig.LongRope rope, int headDim, bool isLong)
    {
        IReadOnlyList<double> divisors = isLong ? rope.LongFactor : rope.ShortFactor;
        if (divisors.Count != headDim / 2)
        {
            throw new ConversionException(
                "config.json", FormattableString.Invariant($"'short_factor' and 'long_factor' have {divisors.Count} numbers; expected {headDim / 2}, one for each rotated pair."));
        }

        float[] inverse = [.. Exponents(headDim).Zip(divisors, (exponent, divisor) => 1 / ((float)divisor * Power(rope.Theta, exponent)))];
        return new RotaryFrequencies(inverse, (float)(rope.AttentionFactor ?? Stretch()));

        double Stretch() => rope.Factor <= 1 ? 1 : Math.Sqrt(1 + (Math.Log(rope.Factor) / Math.Log(rope.OriginalMaxPositions)));
    }

    /// <summary>The exponents 2i / d of the base, [pairs].</summary>
    public static float[] Exponents(int headDim) => [.. Enumerable.Range(0, headDim / 2).Select(pair => 2f * pair / headDim)];

    private static float[] Plain(double theta, int headDim) => [.. Exponents(headDim).Select(exponent => 1 / Power(theta, exponent))];

    private static float Power(double theta, float exponent) => (float)Math.Pow((float)theta, exponent);

    private static float Llama3(RopeConfig.Llama3 rope, float inverse)
    {
        float wavelength = 2 * MathF.PI / inverse;
        float longest = (float)(rope.OriginalMaxPositions / rope.LowFrequencyFactor);
        float shortest = (float)(rope.OriginalMaxPositions / rope.HighFrequencyFactor);
        if (wavelength > longest) return inverse / (float)rope.Factor;
        if (wavelength < shortest) return inverse;
        float turns = rope.OriginalMaxPositions / wavelength;
        float smooth = (turns - (float)rope.LowFrequencyFactor) / (float)(rope.HighFrequencyFactor - rope.LowFrequencyFactor);
        return ((1 - smooth) * inverse / (float)rope.Factor) + (smooth * inverse);
    }

    /// <summary>
    /// YaRN (arXiv:2309.00071): pairs that turn often keep their frequency, pairs that turn rarely are divided by the factor, with a ramp between.
    /// </summary>
    private static float[] Yarn(RopeConfig.Yarn rope, int headDim)
    {
        double low = PairOf(rope.BetaFast);
        double high = PairOf(rope.BetaSlow);
        if (rope.Truncate) (low, high) = (Math.Floor(low), Math.Ceiling(high));
        low = Math.Max(low, 0);
        high = Math.Min(high, headDim - 1);
        if (low == high) high += 0.001;
        return [.. Exponents(headDim).Select((exponent, pair) =>
        {
            float frequency = Power(rope.Theta, exponent);
            float interpolated = 1 / ((float)rope.Factor * frequency);
            float kept = 1 - Math.Clamp((pair - (float)low) / (float)(high - low), 0, 1);
            return (interpolated * (1 - kept)) + (1 / frequency * kept);
        })];

        // The pair that turns so many times over the original context.
        double PairOf(double rotations) =>
            headDim * Math.Log(rope.OriginalMaxPositions / (rotations * 2 * Math.PI)) / (2 * Math.Log(rope.Theta));
    }

    private static float YarnAttentionFactor(RopeConfig.Yarn rope)
    {
        if (rope.AttentionFactor is { } given) return (float)given;
        return rope is { MScale: not null and not 0, MScaleAllDim: not null and not 0 }
            ? (float)(Scale(rope.MScale.Value) / Scale(rope.MScaleAllDim.Value))
            : (float)Scale(1);

        double Scale(double mscale) => rope.Factor <= 1 ? 1 : (0.1 * mscale * Math.Log(rope.Factor)) + 1;
    }
}
