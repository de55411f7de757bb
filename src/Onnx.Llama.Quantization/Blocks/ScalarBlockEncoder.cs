namespace Onnx.Llama.Quantization;

/// <summary>
/// The definition of the encoding of one block, in plain float32 operations (no fused multiply-add) in a fixed order.
/// <see cref="VectorBlockEncoder"/> gives the same bits.
/// </summary>
/// <remarks>
/// For each candidate the weights in units of its scale, x, get the codes q = round(x), half to even, clamped, counted from its zero point; for these codes the
/// best scale is, by least squares, sum(x q) / sum(q q) units. It is computed from the residuals r = x - q, which are small and exact:
/// 1 + sum(r q) / sum(q q), with the squared error sum(r r) - sum(r q)^2 / sum(q q), which is not negative but for its rounding. The least error wins, the
/// first of equals.
/// </remarks>
internal static class ScalarBlockEncoder
{
    /// <summary>Encodes the weights of a block, of which the last of a row may have fewer than the format's size; all must be finite.</summary>
    public static EncodedBlock Encode(BlockFormat format, ReadOnlySpan<float> weights, Span<byte> codes)
    {
        (float low, float high) = Range(weights);
        float unit = BlockUnit.Of(format, low, high);
        if (unit == 0)
        {
            codes.Fill(format.ZeroPointByte);
            return new EncodedBlock(0, format.ZeroPoint);
        }

        Span<float> x = stackalloc float[format.BlockSize];
        x.Clear();
        float inverse = 1 / unit;
        for (int i = 0; i < weights.Length; i++)
            x[i] = weights[i] * inverse;

        ScaleCandidates candidates = ScaleCandidates.For(format);
        Span<float> zeroPoints = stackalloc float[ScaleCandidates.Count];
        for (int k = 0; k < zeroPoints.Length; k++)
            zeroPoints[k] = format.IsSymmetric ? format.ZeroPoint : ZeroPoint(low * inverse * candidates.Factors[k], candidates.Shifts[k], format.GreatestCode);

        (int best, float correction) = Search(candidates, x, zeroPoints, format.GreatestCode);
        (float factor, int zeroPoint) = (candidates.Factors[best], (int)zeroPoints[best]);
        Pack(format, x, factor, zeroPoint, codes);
        return new EncodedBlock(BlockUnit.Scale(format, unit, correction, factor), zeroPoint);
    }

    /// <summary>The lowest and the greatest weight, or 0.</summary>
    private static (float Low, float High) Range(ReadOnlySpan<float> weights)
    {
        float low = 0, high = 0;
        foreach (float weight in weights)
        {
            low = MathF.Min(low, weight);
            high = MathF.Max(high, weight);
        }

        return (low, high);
    }

    /// <summary>The code of weight 0 where the lowest weight, in units of the scale, is on the lowest code; shifted by whole codes.</summary>
    private static float ZeroPoint(float low, float shift, int greatestCode) =>
        Math.Clamp(MathF.Round(-low, MidpointRounding.ToEven) + shift, 0, greatestCode);

    private static (int Best, float Correction) Search(ScaleCandidates candidates, ReadOnlySpan<float> x, ReadOnlySpan<float> zeroPoints, int greatestCode)
    {
        (int Best, float Correction) found = default;
        float least = float.PositiveInfinity;
        for (int k = 0; k < ScaleCandidates.Count; k++)
        {
            float factor = candidates.Factors[k], rr = 0, rq = 0, qq = 0;
            foreach (float value in x)
            {
                float scaled = value * factor, q = Round(scaled, zeroPoints[k], greatestCode), r = scaled - q;
                rr += r * r;
                rq += r * q;
                qq += q * q;
            }

            float shift = rq / qq, error = MathF.Max(rr - (rq * shift), 0) * candidates.ErrorWeights[k];
            if (error < least)
            {
                least = error;
                found = (k, 1 + shift);
            }
        }

        return found;
    }

    private static void Pack(BlockFormat format, ReadOnlySpan<float> x, float factor, int zeroPoint, Span<byte> codes)
    {
        codes.Clear();
        for (int i = 0; i < x.Length; i++)
        {
            int code = (int)Round(x[i] * factor, zeroPoint, format.GreatestCode) + zeroPoint;
            if (format.Bits == 8) codes[i] = (byte)code;
            else codes[i / 2] |= (byte)(code << (4 * (i & 1)));
        }
    }

    private static float Round(float value, float zeroPoint, int greatestCode) =>
        MathF.Max(MathF.Min(MathF.Round(value, MidpointRounding.ToEven), greatestCode - zeroPoint), -zeroPoint);
}
