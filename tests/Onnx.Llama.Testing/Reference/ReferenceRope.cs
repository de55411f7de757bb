namespace Onnx.Llama.Testing;

/// <summary>
/// Cosines and sines as transformers' modeling_rope_utils.py has them: inverse frequencies in float32, position x inverse frequency rounded to float32,
/// cosine and sine in double, times the attention factor, rounded once.
/// </summary>
internal sealed class ReferenceRope
{
    private readonly float[] _inverseFrequencies;
    private readonly double _attentionFactor = 1;

    /// <summary>For a forward pass over a sequence of <paramref name="length"/> tokens; only the dynamic kind depends on it.</summary>
    public ReferenceRope(ReferenceConfig config, int length)
    {
        ReferenceRopeConfig rope = config.Rope;
        int dim = config.HeadDim;
        _inverseFrequencies = rope.Type switch
        {
            "default" => Default(rope.Theta, dim),
            "linear" => Array.ConvertAll(Default(rope.Theta, dim), f => f / (float)Factor(config)),
            "dynamic" => Default(DynamicTheta(config, length), dim),
            "llama3" => Array.ConvertAll(Default(rope.Theta, dim), f => Llama3(f, config)),
            "yarn" => Yarn(config),
            _ => throw new NotSupportedException($"rope_type is '{rope.Type}'; the reference computes default, linear, dynamic, llama3 and yarn."),
        };
        if (rope.Type == "yarn") _attentionFactor = YarnAttentionFactor(rope, Factor(config));
    }

    /// <summary>Rotates one head in place: dimensions i and i + dim / 2 are a pair.</summary>
    public void Rotate(Span<float> head, int position)
    {
        int half = head.Length / 2;
        for (int i = 0; i < half; i++)
        {
            float angle = position * _inverseFrequencies[i];
            float cos = (float)(Math.Cos(angle) * _attentionFactor), sin = (float)(Math.Sin(angle) * _attentionFactor);
            (head[i], head[i + half]) = ((head[i] * cos) - (head[i + half] * sin), (head[i + half] * cos) + (head[i] * sin));
        }
    }

    private static double Factor(ReferenceConfig config) =>
        config.Rope.Factor ?? (double)config.MaxPositions / (config.Rope.OriginalMaxPositions ?? config.MaxPositions);

    private static float[] Default(double theta, int dim) => Array.ConvertAll(Powers(theta, dim), power => 1 / power);

    private static float[] Powers(double theta, int dim) =>
        [.. Enumerable.Range(0, dim / 2).Select(i => (float)Math.Pow((float)theta, 2f * i / dim))];

    /// <summary>NTK-aware scaling of theta by the sequence's length.</summary>
    private static double DynamicTheta(ReferenceConfig config, int length)
    {
        double factor = Factor(config), stretch = (factor * Math.Max(length, config.MaxPositions) / config.MaxPositions) - (factor - 1);
        return config.Rope.Theta * Math.Pow(stretch, config.HeadDim / (config.HeadDim - 2.0));
    }

    private static float Llama3(float frequency, ReferenceConfig config)
    {
        ReferenceRopeConfig rope = config.Rope;
        float factor = (float)Factor(config), low = (float)rope.LowFreqFactor, high = (float)rope.HighFreqFactor;
        float original = rope.OriginalMaxPositions ?? config.MaxPositions, wavelength = 2 * MathF.PI / frequency;
        if (wavelength > original / low) return frequency / factor;
        if (wavelength < original / high) return frequency;

        float smooth = ((original / wavelength) - low) / (high - low);
        return ((1 - smooth) * frequency / factor) + (smooth * frequency);
    }

    /// <summary>YaRN (arXiv:2309.00071): fast dimensions keep their frequency, slow ones are divided by the factor, a ramp between.</summary>
    private static float[] Yarn(ReferenceConfig config)
    {
        ReferenceRopeConfig rope = config.Rope;
        int dim = config.HeadDim;
        double low = CorrectionDim(config, rope.BetaFast), high = CorrectionDim(config, rope.BetaSlow);
        if (rope.Truncate) (low, high) = (Math.Floor(low), Math.Ceiling(high));
        (low, high) = (Math.Max(low, 0), Math.Min(high, dim - 1));
        if (low == high) high += 0.001;

        float[] powers = Powers(rope.Theta, dim), result = new float[dim / 2];
        for (int i = 0; i < result.Length; i++)
        {
            float ramp = Math.Clamp((i - (float)low) / (float)(high - low), 0, 1);
            result[i] = (1 / ((float)Factor(config) * powers[i]) * ramp) + (1 / powers[i] * (1 - ramp));
        }

        return result;
    }

    private static double CorrectionDim(ReferenceConfig config, double rotations)
    {
        double original = config.Rope.OriginalMaxPositions ?? config.MaxPositions;
        return config.HeadDim * Math.Log(original / (rotations * 2 * Math.PI)) / (2 * Math.Log(config.Rope.Theta));
    }

    private static double YarnAttentionFactor(ReferenceRopeConfig rope, double factor)
    {
        if (rope.AttentionFactor is { } given) return given;
        if (rope.Mscale is { } mscale and not 0 && rope.MscaleAllDim is { } all and not 0) return Mscale(factor, mscale) / Mscale(factor, all);
        return Mscale(factor, 1);
    }

    private static double Mscale(double factor, double mscale) => factor <= 1 ? 1 : (0.1 * mscale * Math.Log(factor)) + 1;
}
