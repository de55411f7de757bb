namespace Onnx.Llama.Quantization;

/// <summary>
/// The scales that are tried for each block, as factors of the inverse of the plain one (see <see cref="BlockUnit"/>), and the zero points that go with them.
/// The first is the plain one, so no block becomes worse than with it.
/// </summary>
/// <remarks>
/// The lists were chosen on Gaussian weights, where each entry is about the one that lowers the error most after those before it. With 4 bits eight gain
/// nearly all that fifty would (11 % of the squared error of plain rounding, symmetric or not); with 8 bits symmetric factors of (128 - i) / 128, which keep
/// the greatest weight on the grid, win (20 %).
/// </remarks>
internal sealed class ScaleCandidates
{
    /// <summary>How many there are: the lanes of a Vector256.</summary>
    public const int Count = 8;

    private static readonly ScaleCandidates s_int4 = new([1, 1.06f, 0.9f, 1.12f, 0.96f, 1.18f, 1.02f, 0.86f]);
    private static readonly ScaleCandidates s_int8 = new([1, 127 / 128f, 126 / 128f, 125 / 128f, 124 / 128f, 123 / 128f, 122 / 128f, 121 / 128f]);

    // A factor above 1 makes a finer grid that leaves out the ends of the block; with the zero point one lower it leaves out more of the negative end.
    private static readonly ScaleCandidates s_asymmetricInt4 = new([1, 0.94f, 1.04f, 1.06f, 0.88f, 0.98f, 1.06f, 1.1f], [0, 0, 0, -1, 0, 0, 0, -1]);
    private static readonly ScaleCandidates s_asymmetricInt8 = new([1, 253 / 255f, 251 / 255f, 248 / 255f, 254 / 255f, 250 / 255f, 247 / 255f, 252 / 255f]);

    private ScaleCandidates(float[] factors, float[]? shifts = null)
    {
        Factors = factors;
        Shifts = shifts ?? new float[Count];
        ErrorWeights = Array.ConvertAll(factors, static factor => 1 / (factor * factor));
    }

    public float[] Factors { get; }

    /// <summary>What is added to the rounded zero point.</summary>
    public float[] Shifts { get; }

    /// <summary>1 / factor^2: makes errors of differently scaled weights comparable.</summary>
    public float[] ErrorWeights { get; }

    public static ScaleCandidates For(BlockFormat format) => (format.Bits, format.IsSymmetric) switch
    {
        (4, true) => s_int4,
        (4, false) => s_asymmetricInt4,
        (_, true) => s_int8,
        (_, false) => s_asymmetricInt8,
    };
}
