using System.Numerics;

namespace Onnx.Llama.Quantization;

/// <summary>
/// A row-wise block quantisation as ONNX Runtime's MatMulNBits and GatherBlockQuantized store it: each row of K weights is cut into blocks, each block has
/// one scale, and a weight is <c>(code - zero point) * scale</c> with an unsigned code of <see cref="Bits"/> bits. The zero point is <see cref="ZeroPoint"/>,
/// or, where the format is not symmetric, stored for each block. The last block of a row is padded with its zero point, which decodes to 0. 4-bit codes and
/// zero points are packed in pairs, the earlier one in the low nibble.
/// </summary>
public readonly record struct BlockFormat
{
    /// <summary>A format.</summary>
    /// <param name="bits">Bits of a code: 4 or 8.</param>
    /// <param name="blockSize">Weights that share a scale: a power of two from 16 to 256.</param>
    /// <param name="isSymmetric">Whether all blocks have the middle code as their zero point.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bits or the block size are none of these.</exception>
    public BlockFormat(int bits, int blockSize, bool isSymmetric = true)
    {
        if (bits is not (4 or 8)) throw new ArgumentOutOfRangeException(nameof(bits), bits, "A code has 4 or 8 bits.");
        if (blockSize is < 16 or > 256 || !BitOperations.IsPow2(blockSize))
        {
            throw new ArgumentOutOfRangeException(nameof(blockSize), blockSize, "A block has 16, 32, 64, 128 or 256 weights.");
        }

        Bits = bits;
        BlockSize = blockSize;
        IsSymmetric = isSymmetric;
    }

    /// <summary>Bits of a code: 4 or 8.</summary>
    public int Bits { get; }

    /// <summary>Weights that share a scale.</summary>
    public int BlockSize { get; }

    /// <summary>Whether all blocks have <see cref="ZeroPoint"/>; else each has its own.</summary>
    public bool IsSymmetric { get; }

    /// <summary>Bytes of a block's codes.</summary>
    public int BlockBytes => BlockSize * Bits / 8;

    /// <summary>The greatest code: 15 or 255.</summary>
    internal int GreatestCode => (1 << Bits) - 1;

    /// <summary>The middle code, 8 or 128: that of weight 0 where the format is symmetric, and in blocks of zeros where it is not.</summary>
    public int ZeroPoint => 1 << (Bits - 1);

    /// <summary>A byte of packed zero points: 0x88 (two of 4 bits) or 0x80. GatherBlockQuantized's zero_points is filled with it.</summary>
    public byte ZeroPointByte => (byte)(Bits == 4 ? 0x88 : 0x80);

    /// <summary>Scales, and so blocks, of a row of <paramref name="columns"/> weights.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Columns is negative.</exception>
    public int RowScales(int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        return (int)(((long)columns + BlockSize - 1) / BlockSize);
    }

    /// <summary>Bytes of codes of a row of <paramref name="columns"/> weights, the padding included.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Columns is negative.</exception>
    /// <exception cref="OverflowException">The row takes more than 2 GiB.</exception>
    public int RowBytes(int columns) => checked(RowScales(columns) * BlockBytes);

    /// <summary>Bytes of packed zero points of a row of <paramref name="columns"/> weights; of an odd number of 4-bit ones the last nibble is unused.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Columns is negative.</exception>
    public int RowZeroPointBytes(int columns) => (int)(((long)RowScales(columns) * Bits + 7) / 8);
}
