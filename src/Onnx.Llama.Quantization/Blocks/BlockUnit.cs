namespace Onnx.Llama.Quantization;

/// <summary>The plain scale of a block, and the way from it to the scale that is stored.</summary>
internal static class BlockUnit
{
    private const float SmallestNormal = 1.17549435e-38f;

    /// <summary>
    /// The scale that puts the weight of the greatest magnitude on the lowest code or, with a zero point of the block's own, the lowest weight on the lowest
    /// code and the greatest on the greatest. 0 where that is subnormal: such a block is stored as zeros, since ONNX Runtime may flush its scale, and its
    /// inverse need not be finite.
    /// </summary>
    /// <param name="format">The block's format.</param>
    /// <param name="low">The lowest weight, or 0 if that is lower.</param>
    /// <param name="high">The greatest weight, or 0 if that is greater.</param>
    public static float Of(BlockFormat format, float low, float high)
    {
        // Of two weights that differ in sign only, the negative one is the extreme.
        float unit = format.IsSymmetric
            ? (-low >= high ? low : high) / -format.ZeroPoint
            : (high / format.GreatestCode) - (low / format.GreatestCode);
        return MathF.Abs(unit) < SmallestNormal ? 0 : unit;
    }

    /// <summary>The stored scale, bounded so that every code decodes to a finite number.</summary>
    public static float Scale(BlockFormat format, float unit, float correction, float factor)
    {
        float bound = float.MaxValue / (format.IsSymmetric ? format.ZeroPoint : format.GreatestCode);
        return Math.Clamp(unit * (correction / factor), -bound, bound);
    }
}
