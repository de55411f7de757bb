namespace Onnx.Llama.Kernels.Products;

/// <summary>
/// How the kernels keep a quantised matrix [N, K]: rows are interleaved by as many as a vector has lanes, so that one line of memory holds four elements of
/// each. A group of rows is one linear stream:
/// <code>
/// pair of blocks  = codes of block 0 | codes of block 1 | scales of block 0 | scales of block 1      (scales: float16 [lanes])
/// codes           = 32 elements at a time: 4 bits, 4 lines: low nibbles elements 4i..4i+3, high nibbles 16+4i..16+4i+3;  8 bits, 8 lines: elements 4i..4i+3
/// group           = pairs of blocks | zero points, one byte per block and lane, where the format has them
/// </code>
/// N is rounded up to whole groups and K to whole pairs of blocks, with scales of 0.
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
    public int PaddedBlocks => (Blocks + 1) & ~1;

    /// <summary>Columns as they are packed.</summary>
    public int PaddedK => PaddedBlocks * Format.Block;

    public int Groups => (N + Lanes - 1) / Lanes;

    /// <summary>Bytes of the codes of a block, of all lanes.</summary>
    public int CodeBytes => Format.Block * Format.Bits / 8 * Lanes;

    public int PairBytes => 2 * (CodeBytes + (ScaleBytes * Lanes));

    /// <summary>Where a group's zero points begin.</summary>
    public long ZeroPointOffset => (long)PaddedBlocks / 2 * PairBytes;

    /// <summary>Zero points are kept in whole lines, so that each group begins on one.</summary>
    public long GroupBytes => ZeroPointOffset + (Format.Asymmetric ? ((PaddedBlocks * Lanes) + 63) & ~63 : 0);

    public long Bytes => Groups * GroupBytes;

    /// <summary>Where a block's codes begin in its group.</summary>
    public long CodeOffset(int block) => ((long)(block >> 1) * PairBytes) + ((block & 1) * CodeBytes);

    /// <summary>Where a block's scales begin in its group.</summary>
    public long ScaleOffset(int block) => ((long)(block >> 1) * PairBytes) + (2 * CodeBytes) + ((block & 1) * ScaleBytes * Lanes);
}
