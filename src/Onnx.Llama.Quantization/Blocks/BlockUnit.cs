namespace Onnx.Llama.Quantization;

/// <summary>The plain scale of a block, which puts its extreme weight on the lowest code, and the way from it to the scale that is stored.</summary>
internal static class BlockUnit
{
    private const float SmallestNormal = 1.17549435e-38f;

    /// <summary>
    /// extreme / lowest, or 0 where that is subnormal: such a block is stored as zeros, since ONNX Runtime may flush its scale,
    /// and its inverse need not be finite.
    /// </summary>
    public static float Of(float extreme, float lowest)
    {
        float unit = extreme / lowest;
        return MathF.Abs(unit) < SmallestNormal ? 0 : unit;
    }

    /// <summary>The stored scale, bounded so that every code decodes to a finite number.</summary>
    public static float Scale(float unit, float correction, float factor, float lowest)
    {
        float bound = float.MaxValue / -lowest;
        return Math.Clamp(unit * (correction / factor), -bound, bound);
    }
}
