namespace Onnx.Llama.Kernels.Products;

/// <summary>A quantised matrix [N, K] as a model's file has it, in MatMulNBits' layout.</summary>
/// <param name="format">The blocks.</param>
/// <param name="n">Rows.</param>
/// <param name="k">Columns.</param>
/// <param name="codes">[N, blocks, block * bits / 8]; 4 bits: the even element in the low nibble. What stands beyond the last column never matters.</param>
/// <param name="scales">[N, blocks].</param>
/// <param name="zeroPoints">[N, ceil(blocks * bits / 8)], or null for the format's.</param>
internal sealed unsafe class StoredMatrix(QuantFormat format, int n, int k, byte* codes, float* scales, byte* zeroPoints)
{
    public QuantFormat Format => format;

    public int N => n;

    public int K => k;

    private int Blocks => (k + format.Block - 1) / format.Block;

    /// <summary>All scales.</summary>
    public ReadOnlySpan<float> Scales => new(scales, n * Blocks);

    public float Scale(int row, int block) => scales[((long)row * Blocks) + block];

    /// <summary>The codes of a block.</summary>
    public byte* Codes(int row, int block) => codes + ((((long)row * Blocks) + block) * format.Block * format.Bits / 8);

    public int ZeroPoint(int row, int block)
    {
        if (zeroPoints is null) return format.ZeroPoint;
        if (format.Bits == 8) return zeroPoints[((long)row * Blocks) + block];
        byte pair = zeroPoints[((long)row * ((Blocks + 1) / 2)) + (block >> 1)];
        return (pair >> (4 * (block & 1))) & 15;
    }
}
