namespace Onnx.Llama.Kernels.Products;

/// <summary>
/// Scales are kept as float16 of scale * 2^<paramref name="Exponent"/>, where the exponent brings the greatest near the top of float16's range: so none of a
/// size that matters is lost to float16's own range. What then is below its normal numbers, 2^-29 of the greatest, becomes 0.
/// </summary>
/// <param name="Exponent">The power of two.</param>
internal readonly record struct ScaleRange(int Exponent)
{
    private const int GreatestPower = 15;

    /// <summary>Beyond these, the factor that undoes it is no float32.</summary>
    public const int Least = -15;

    /// <summary>Enough for the least float32.</summary>
    public const int Most = 200;

    private static readonly float s_leastNormal = MathF.ScaleB(1, -14);

    /// <summary>What the bits of a packed scale, moved into a float32's place, are multiplied with: float16's exponents begin 112 later.</summary>
    public float Factor => MathF.ScaleB(1, 112 - Exponent);

    /// <summary>The range of scales; null where one is not finite or too great.</summary>
    public static ScaleRange? Of(ReadOnlySpan<float> scales)
    {
        float greatest = 0;
        foreach (float scale in scales)
        {
            if (!float.IsFinite(scale)) return null;
            greatest = MathF.Max(greatest, MathF.Abs(scale));
        }

        return ForGreatest(greatest);
    }

    /// <summary>The range for both.</summary>
    public ScaleRange And(ScaleRange other) => new(Math.Min(Exponent, other.Exponent));

    /// <summary>A scale's bits.</summary>
    public ushort Pack(float scale)
    {
        float moved = MathF.ScaleB(scale, Exponent);
        return MathF.Abs(moved) < s_leastNormal ? (ushort)0 : BitConverter.HalfToUInt16Bits((Half)moved);
    }

    /// <summary>The scale that bits stand for.</summary>
    public float Unpack(ushort bits) => MathF.ScaleB((float)BitConverter.UInt16BitsToHalf(bits), -Exponent);

    private static ScaleRange? ForGreatest(float greatest)
    {
        if (greatest == 0) return new ScaleRange(0);

        // One less than the top, so that rounding up cannot reach infinity.
        int exponent = GreatestPower - 1 - MathF.ILogB(greatest);
        return exponent < Least ? null : new ScaleRange(Math.Min(exponent, Most));
    }
}
