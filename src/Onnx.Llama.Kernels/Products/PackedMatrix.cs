namespace Onnx.Llama.Kernels.Products;

/// <summary>
/// How the kernels keep a quantised matrix [N, K]: rows are interleaved by as many as a vector has lanes, so that one line of memory holds four elements of
/// each. A group of rows is one linear stream:
/// <code>
/// pair of blocks  = codes of block 0 | codes of block 1 | scales of block 0 | scales of block 1      (scales: float16 [lanes])
/// codes           = 32 elements at a time: 4 bits, 4 lines: low nibbles elements 4i..4i+3, high nibbles 16+4i..16+4i+3;  8 bits, 8 lines: elements 4i..4i+3
/// group           = pairs of blocks; behind every second pair, where the format has them, four blocks' zero points, a byte for each lane
/// </code>
/// N is rounded up to whole groups and K to whole pairs of blocks, or to four blocks where zero points stand with them, with scales of 0.
/// </summary>
/// <param name="Format">The blocks.</param>
/// <param name="N">Rows: outputs of the product.</param>
/// <param name="K">Columns: inputs of the product.</param>
/// <param name="Lanes">Rows in a group.</param>
internal readonly record struct PackedMatrix(QuantFormat Format, int N, int K, int Lanes)
{
    /// <summary>Elements that are kept together.</summary>
    public const int Run = 32;

    /// <summary>Bytes of a float16.</summary>
    public const int ScaleBytes = 2;

    /// <summary>Blocks of a row as MatMulNBits has them.</summary>
    public int Blocks => (K + Format.Block - 1) / Format.Block;

    /// <summary>Blocks of a row as they are packed.</summary>
    public int PaddedBlocks => Format.Asymmetric ? (Blocks + 3) & ~3 : (Blocks + 1) & ~1;

    /// <summary>Columns as they are packed.</summary>
    public int PaddedK => PaddedBlocks * Format.Block;

    public int Groups => (N + Lanes - 1) / Lanes;

    /// <summary>Bytes of the codes of a block, of all lanes.</summary>
    public int CodeBytes => Format.Block * Format.Bits / 8 * Lanes;

    public int PairBytes => 2 * (CodeBytes + (ScaleBytes * Lanes));

    /// <summary>Bytes of the zero points of four blocks.</summary>
    public int ZeroPointBytes => Format.Asymmetric ? 4 * Lanes : 0;

    public long GroupBytes => PairOffset(PaddedBlocks);

    public long Bytes => Groups * GroupBytes;

    /// <summary>Where a block's codes begin in its group.</summary>
    public long CodeOffset(int block) => PairOffset(block) + ((block & 1) * CodeBytes);

    /// <summary>Where a block's scales begin in its group.</summary>
    public long ScaleOffset(int block) => PairOffset(block) + (2 * CodeBytes) + ((block & 1) * ScaleBytes * Lanes);

    /// <summary>Where a block's zero points begin in its group.</summary>
    public long ZeroPointOffset(int block) => PairOffset(block & ~3) + (2 * PairBytes) + ((block & 3) * Lanes);

    private long PairOffset(int block) => ((long)(block >> 1) * PairBytes) + ((block >> 2) * ZeroPointBytes);
}
