namespace Onnx.Llama.Quantization;

/// <summary>
/// The scales that are tried for each block, as factors of the inverse of the plain one, which puts the weight of the greatest magnitude on the lowest code.
/// The first is the plain one, so no block becomes worse than with it.
/// </summary>
/// <remarks>
/// The lists were chosen on Gaussian weights, where each factor is about the one that lowers the error most after those before it. With 4 bits eight gain
/// nearly all that fifty would (11 % of the squared error of plain rounding); with 8 bits factors of (128 - i) / 128, which keep the greatest weight on
/// the grid, win (20 %).
/// </remarks>
internal sealed class ScaleCandidates
{
    /// <summary>How many there are: the lanes of a Vector256.</summary>
    public const int Count = 8;

    private static readonly ScaleCandidates s_int4 = new(1, 1.06f, 0.9f, 1.12f, 0.96f, 1.18f, 1.02f, 0.86f);
    private static readonly ScaleCandidates s_int8 = new(1, 127 / 128f, 126 / 128f, 125 / 128f, 124 / 128f, 123 / 128f, 122 / 128f, 121 / 128f);

    private ScaleCandidates(params float[] factors)
    {
        Factors = factors;
        ErrorWeights = Array.ConvertAll(factors, static factor => 1 / (factor * factor));
    }

    public float[] Factors { get; }

    /// <summary>1 / factor^2: makes errors of differently scaled weights comparable.</summary>
    public float[] ErrorWeights { get; }

    public static ScaleCandidates For(int bits) => bits == 4 ? s_int4 : s_int8;
}
