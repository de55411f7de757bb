namespace Onnx.Llama.Quantization;

/// <summary>
/// The definition of the encoding of one block, in plain float32 operations (no fused multiply-add) in a fixed order.
/// <see cref="VectorBlockEncoder"/> gives the same bits.
/// </summary>
/// <remarks>
/// For each candidate the weights in units of its scale, x, get the codes q = round(x), half to even, clamped; for these codes the best scale is, by least
/// squares, sum(x q) / sum(q q) units. It is computed from the residuals r = x - q, which are small and exact: 1 + sum(r q) / sum(q q), with the squared error
/// sum(r r) - sum(r q)^2 / sum(q q), which is not negative but for its rounding. The least error wins, the first of equals.
/// </remarks>
internal static class ScalarBlockEncoder
{
    /// <summary>Encodes the weights of a block, of which the last of a row may have fewer than the format's size; all must be finite.</summary>
    /// <returns>The block's scale.</returns>
    public static float Encode(BlockFormat format, ReadOnlySpan<float> weights, Span<byte> codes)
    {
        float lowest = -format.ZeroPoint;
        float unit = BlockUnit.Of(Extreme(weights), lowest);
        if (unit == 0)
        {
            codes.Fill(format.ZeroPointByte);
            return 0;
        }

        Span<float> x = stackalloc float[format.BlockSize];
        x.Clear();
        float inverse = 1 / unit;
        for (int i = 0; i < weights.Length; i++)
            x[i] = weights[i] * inverse;

        (float factor, float correction) = Search(ScaleCandidates.For(format.Bits), x, lowest);
        Pack(format, x, factor, codes);
        return BlockUnit.Scale(unit, correction, factor, lowest);
    }

    /// <summary>The weight of the greatest magnitude; of two that differ in sign only, the negative one.</summary>
    private static float Extreme(ReadOnlySpan<float> weights)
    {
        float low = 0, high = 0;
        foreach (float weight in weights)
        {
            low = MathF.Min(low, weight);
            high = MathF.Max(high, weight);
        }

        return -low >= high ? low : high;
    }

    private static (float Factor, float Correction) Search(ScaleCandidates candidates, ReadOnlySpan<float> x, float lowest)
    {
        (float Factor, float Correction) best = default;
        float least = float.PositiveInfinity;
        for (int k = 0; k < ScaleCandidates.Count; k++)
        {
            float factor = candidates.Factors[k], rr = 0, rq = 0, qq = 0;
            foreach (float value in x)
            {
                float scaled = value * factor, q = Round(scaled, lowest), r = scaled - q;
                rr += r * r;
                rq += r * q;
                qq += q * q;
            }

            float shift = rq / qq, error = MathF.Max(rr - (rq * shift), 0) * candidates.ErrorWeights[k];
            if (error < least)
            {
                least = error;
                best = (factor, 1 + shift);
            }
        }

        return best;
    }

    private static void Pack(BlockFormat format, ReadOnlySpan<float> x, float factor, Span<byte> codes)
    {
        codes.Clear();
        for (int i = 0; i < x.Length; i++)
        {
            int code = (int)Round(x[i] * factor, -format.ZeroPoint) + format.ZeroPoint;
            if (format.Bits == 8) codes[i] = (byte)code;
            else codes[i / 2] |= (byte)(code << (4 * (i & 1)));
        }
    }

    private static float Round(float value, float lowest) => MathF.Max(MathF.Min(MathF.Round(value, MidpointRounding.ToEven), -1 - lowest), lowest);
}
