namespace Onnx.Llama.Quantization;

/// <summary>
/// The scales that are tried for each block, as factors of the inverse of the plain one, which puts the weight of the greatest magnitude on the lowest code.
/// The first is the plain one, so no block becomes worse than with it.
/// </summary>
internal sealed class ScaleCandidates
{
    /// <summary>How many there are: a multiple of every vector's width.</summary>
    public const int Count = 16;

    private static readonly ScaleCandidates s_int4 = new(0.05f);
    private static readonly ScaleCandidates s_int8 = new(0.005f);

    private ScaleCandidates(float step)
    {
        // 1, 1 + step, 1 - step, 1 + 2 step, ...
        for (int i = 0; i < Count; i++)
        {
            Factors[i] = 1 + (((i & 1) == 0 ? -1 : 1) * ((i + 1) / 2) * step);
            ErrorWeights[i] = 1 / (Factors[i] * Factors[i]);
        }
    }

    public float[] Factors { get; } = new float[Count];

    /// <summary>1 / factor^2: makes errors of differently scaled weights comparable.</summary>
    public float[] ErrorWeights { get; } = new float[Count];

    public static ScaleCandidates For(int bits) => bits == 4 ? s_int4 : s_int8;
}
