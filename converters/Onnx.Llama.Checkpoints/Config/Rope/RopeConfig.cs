using System.Collections.Immutable;

namespace Onnx.Llama.Checkpoints;

/// <summary>
/// Rotary position embedding (RoFormer, arXiv:2104.09864) and how it is stretched to longer contexts; the kinds are those of transformers'
/// modeling_rope_utils.py. Numbers are as the file has them; equal facts give equal records.
/// </summary>
/// <param name="Theta">The base: pair i of d turns by position x Theta^(-2i/d).</param>
/// <param name="PartialRotaryFactor">The rotated share of a head, above 0, at most 1.</param>
public abstract record RopeConfig(double Theta, double PartialRotaryFactor)
{
    /// <summary>Not stretched.</summary>
    public sealed record Default(double Theta, double PartialRotaryFactor) : RopeConfig(Theta, PartialRotaryFactor);

    /// <summary>Position interpolation (arXiv:2306.15595): every angle is divided by <paramref name="Factor"/>.</summary>
    public sealed record Linear(double Theta, double PartialRotaryFactor, double Factor) : RopeConfig(Theta, PartialRotaryFactor);

    /// <summary>NTK-aware scaling: the base grows with the sequence past <paramref name="OriginalMaxPositions"/> tokens, the config's context.</summary>
    public sealed record Dynamic(double Theta, double PartialRotaryFactor, double Factor, int OriginalMaxPositions) : RopeConfig(Theta, PartialRotaryFactor);

    /// <summary>YaRN (arXiv:2309.00071).</summary>
    /// <param name="Theta">See <see cref="RopeConfig"/>.</param>
    /// <param name="PartialRotaryFactor">See <see cref="RopeConfig"/>.</param>
    /// <param name="Factor">The stretch; where the file has none, the context over the original one.</param>
    /// <param name="OriginalMaxPositions">The context before stretching, in tokens; where the file has none, the config's context.</param>
    /// <param name="AttentionFactor">Multiplies cos and sin, where stated; else it follows from the next two and <paramref name="Factor"/>.</param>
    /// <param name="MScale">DeepSeek's numerator of the attention factor.</param>
    /// <param name="MScaleAllDim">DeepSeek's denominator of the attention factor.</param>
    /// <param name="BetaFast">Rotations over the original context above which a pair is not interpolated.</param>
    /// <param name="BetaSlow">Rotations over the original context below which a pair is interpolated in full.</param>
    /// <param name="Truncate">Whether the bounds of the ramp between the two are rounded outwards to whole pairs.</param>
    public sealed record Yarn(
        double Theta, double PartialRotaryFactor, double Factor, int OriginalMaxPositions,
        double? AttentionFactor, double? MScale, double? MScaleAllDim, double BetaFast, double BetaSlow, bool Truncate)
        : RopeConfig(Theta, PartialRotaryFactor);

    /// <summary>
    /// Llama 3.1's: the angles of wavelengths above the original context over the low factor are divided by <paramref name="Factor"/>, those of
    /// wavelengths below the original context over the high factor are kept, and between the two lies a ramp.
    /// </summary>
    public sealed record Llama3(
        double Theta, double PartialRotaryFactor, double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalMaxPositions)
        : RopeConfig(Theta, PartialRotaryFactor);

    /// <summary>LongRoPE (arXiv:2402.13753): a divisor for each rotated pair, one list up to the original context and another beyond it.</summary>
    /// <param name="Theta">See <see cref="RopeConfig"/>.</param>
    /// <param name="PartialRotaryFactor">See <see cref="RopeConfig"/>.</param>
    /// <param name="ShortFactor">Divisors up to the original context, one for each rotated pair.</param>
    /// <param name="LongFactor">Divisors beyond it, as many.</param>
    /// <param name="Factor">The stretch; where the file has none, the context over the original one.</param>
    /// <param name="AttentionFactor">Multiplies cos and sin, where stated; else sqrt(1 + ln Factor / ln OriginalMaxPositions).</param>
    /// <param name="OriginalMaxPositions">The context before stretching, in tokens.</param>
    public sealed record LongRope(
        double Theta, double PartialRotaryFactor, ImmutableArray<double> ShortFactor, ImmutableArray<double> LongFactor,
        double Factor, double? AttentionFactor, int OriginalMaxPositions) : RopeConfig(Theta, PartialRotaryFactor)
    {
        /// <summary>Compares the lists by their values.</summary>
        public bool Equals(LongRope? other) =>
            base.Equals(other)
            && (Factor, AttentionFactor, OriginalMaxPositions).Equals((other.Factor, other.AttentionFactor, other.OriginalMaxPositions))
            && ShortFactor.SequenceEqual(other.ShortFactor) && LongFactor.SequenceEqual(other.LongFactor);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Factor, AttentionFactor, OriginalMaxPositions, ShortFactor.Length);
    }
}
