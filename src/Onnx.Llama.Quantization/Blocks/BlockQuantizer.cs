namespace Onnx.Llama.Quantization;

/// <summary>
/// Quantises rows of float32 weights to a <see cref="BlockFormat"/> and back. The result is a pure function of the weights: the same bytes on every machine.
/// Of 16 scales around the plain one (greatest magnitude on the lowest code), each improved by least squares, a block gets the one of least squared error.
/// Safe to call from many threads.
/// </summary>
public static class BlockQuantizer
{
    /// <summary>Quantises rows that lie one after another.</summary>
    /// <param name="format">The format to make.</param>
    /// <param name="rows">[rows, columns] float32, all finite.</param>
    /// <param name="columns">Weights of a row.</param>
    /// <param name="codes">Receives [rows, format.RowBytes(columns)].</param>
    /// <param name="scales">Receives [rows, format.RowScales(columns)] float32; a scale may be negative, and is 0 for a block of zeros.</param>
    /// <exception cref="ArgumentException">A span's length does not fit the rows.</exception>
    /// <exception cref="QuantizationException">A weight is NaN or infinite.</exception>
    public static void QuantizeRows(BlockFormat format, ReadOnlySpan<float> rows, int columns, Span<byte> codes, Span<float> scales)
    {
        int count = CheckLengths(format, rows.Length, columns, codes.Length, scales.Length);
        int rowBytes = format.RowBytes(columns), rowScales = format.RowScales(columns);
        for (int row = 0; row < count; row++)
            QuantizeRow(format, row, rows.Slice(row * columns, columns), codes.Slice(row * rowBytes, rowBytes), scales.Slice(row * rowScales, rowScales));
    }

    /// <summary>Decodes rows that <see cref="QuantizeRows"/> made: <c>(code - zero point) * scale</c>, rounded once.</summary>
    /// <param name="format">The codes' format.</param>
    /// <param name="codes">[rows, format.RowBytes(columns)].</param>
    /// <param name="scales">[rows, format.RowScales(columns)] float32.</param>
    /// <param name="columns">Weights of a row.</param>
    /// <param name="rows">Receives [rows, columns] float32.</param>
    /// <exception cref="ArgumentException">A span's length does not fit the rows.</exception>
    public static void DequantizeRows(BlockFormat format, ReadOnlySpan<byte> codes, ReadOnlySpan<float> scales, int columns, Span<float> rows)
    {
        int count = CheckLengths(format, rows.Length, columns, codes.Length, scales.Length);
        int rowBytes = format.RowBytes(columns), rowScales = format.RowScales(columns);
        for (int row = 0; row < count; row++)
            DequantizeRow(format, codes.Slice(row * rowBytes, rowBytes), scales.Slice(row * rowScales, rowScales), rows.Slice(row * columns, columns));
    }

    private static void QuantizeRow(BlockFormat format, int row, ReadOnlySpan<float> weights, Span<byte> codes, Span<float> scales)
    {
        for (int block = 0; block < scales.Length; block++)
        {
            int start = block * format.BlockSize;
            ReadOnlySpan<float> part = weights[start..Math.Min(start + format.BlockSize, weights.Length)];
            Span<byte> blockCodes = codes.Slice(block * format.BlockBytes, format.BlockBytes);
            if (!VectorBlockEncoder.TryEncode(format, part, blockCodes, out scales[block])) ThrowNotFinite(row, start, part);
        }
    }

    private static void ThrowNotFinite(int row, int start, ReadOnlySpan<float> weights)
    {
        int i = 0;
        while (float.IsFinite(weights[i])) i++;
        throw new QuantizationException(row, start + i, weights[i]);
    }

    private static void DequantizeRow(BlockFormat format, ReadOnlySpan<byte> codes, ReadOnlySpan<float> scales, Span<float> weights)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            int code = format.Bits == 8 ? codes[i] : (codes[i / 2] >> (4 * (i & 1))) & 0xF;
            weights[i] = (code - format.ZeroPoint) * scales[i / format.BlockSize];
        }
    }

    private static int CheckLengths(BlockFormat format, int weights, int columns, int codes, int scales)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        int count = weights / columns;
        CheckLength("weights", weights, count, columns, columns);
        CheckLength("bytes of codes", codes, count, format.RowBytes(columns), columns);
        CheckLength("scales", scales, count, format.RowScales(columns), columns);
        return count;
    }

    private static void CheckLength(string what, int length, int rows, int rowLength, int columns)
    {
        long expected = (long)rows * rowLength;
        if (length != expected) throw new ArgumentException($"There are {length} {what}; {rows} rows of {columns} columns have {expected}.");
    }
}
