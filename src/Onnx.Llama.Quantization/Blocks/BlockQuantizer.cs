namespace Onnx.Llama.Quantization;

/// <summary>
/// Quantises rows of float32 weights to a <see cref="BlockFormat"/> and back. The result is a pure function of the weights: the same bytes on every machine.
/// Of 8 scales around the plain one (greatest magnitude on the lowest code; or the range of the weights over that of the codes, with a zero point for each
/// scale), each improved by least squares, a block gets the one of least squared error.
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
    /// <param name="zeroPoints">Receives [rows, format.RowZeroPointBytes(columns)]; empty where the format is symmetric.</param>
    /// <exception cref="ArgumentException">A span's length does not fit the rows.</exception>
    /// <exception cref="QuantizationException">A weight is NaN or infinite.</exception>
    public static void QuantizeRows(
        BlockFormat format, ReadOnlySpan<float> rows, int columns, Span<byte> codes, Span<float> scales, Span<byte> zeroPoints = default)
    {
        int count = CheckLengths(format, rows.Length, columns, codes.Length, scales.Length, zeroPoints.Length);
        int rowBytes = format.RowBytes(columns), rowScales = format.RowScales(columns), rowZeroPoints = StoredZeroPointBytes(format, columns);
        zeroPoints.Clear();
        for (int row = 0; row < count; row++)
        {
            QuantizeRow(
                format, row, rows.Slice(row * columns, columns), codes.Slice(row * rowBytes, rowBytes), scales.Slice(row * rowScales, rowScales),
                zeroPoints.Slice(row * rowZeroPoints, rowZeroPoints));
        }
    }

    /// <summary>Decodes rows that <see cref="QuantizeRows"/> made: <c>(code - zero point) * scale</c>, rounded once.</summary>
    /// <param name="format">The codes' format.</param>
    /// <param name="codes">[rows, format.RowBytes(columns)].</param>
    /// <param name="scales">[rows, format.RowScales(columns)] float32.</param>
    /// <param name="columns">Weights of a row.</param>
    /// <param name="rows">Receives [rows, columns] float32.</param>
    /// <param name="zeroPoints">[rows, format.RowZeroPointBytes(columns)]; empty where the format is symmetric.</param>
    /// <exception cref="ArgumentException">A span's length does not fit the rows.</exception>
    public static void DequantizeRows(
        BlockFormat format, ReadOnlySpan<byte> codes, ReadOnlySpan<float> scales, int columns, Span<float> rows, ReadOnlySpan<byte> zeroPoints = default)
    {
        int count = CheckLengths(format, rows.Length, columns, codes.Length, scales.Length, zeroPoints.Length);
        int rowBytes = format.RowBytes(columns), rowScales = format.RowScales(columns), rowZeroPoints = StoredZeroPointBytes(format, columns);
        for (int row = 0; row < count; row++)
        {
            DequantizeRow(
                format, codes.Slice(row * rowBytes, rowBytes), scales.Slice(row * rowScales, rowScales), zeroPoints.Slice(row * rowZeroPoints, rowZeroPoints),
                rows.Slice(row * columns, columns));
        }
    }

    private static void QuantizeRow(BlockFormat format, int row, ReadOnlySpan<float> weights, Span<byte> codes, Span<float> scales, Span<byte> zeroPoints)
    {
        for (int block = 0; block < scales.Length; block++)
        {
            int start = block * format.BlockSize;
            ReadOnlySpan<float> part = weights[start..Math.Min(start + format.BlockSize, weights.Length)];
            Span<byte> blockCodes = codes.Slice(block * format.BlockBytes, format.BlockBytes);
            if (!VectorBlockEncoder.TryEncode(format, part, blockCodes, out EncodedBlock encoded)) ThrowNotFinite(row, start, part);
            scales[block] = encoded.Scale;
            if (!format.IsSymmetric) zeroPoints[block * format.Bits / 8] |= (byte)(encoded.ZeroPoint << Shift(format, block));
        }
    }

    private static void ThrowNotFinite(int row, int start, ReadOnlySpan<float> weights)
    {
        int i = 0;
        while (float.IsFinite(weights[i])) i++;
        throw new QuantizationException(row, start + i, weights[i]);
    }

    private static void DequantizeRow(BlockFormat format, ReadOnlySpan<byte> codes, ReadOnlySpan<float> scales, ReadOnlySpan<byte> zeroPoints, Span<float> weights)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            int block = i / format.BlockSize;
            weights[i] = (Packed(format, codes, i) - (format.IsSymmetric ? format.ZeroPoint : Packed(format, zeroPoints, block))) * scales[block];
        }
    }

    /// <summary>A number of a row of codes or zero points.</summary>
    private static int Packed(BlockFormat format, ReadOnlySpan<byte> row, int index) =>
        (row[index * format.Bits / 8] >> Shift(format, index)) & format.GreatestCode;

    /// <summary>The place of a number in its byte.</summary>
    private static int Shift(BlockFormat format, int index) => format.Bits == 8 ? 0 : 4 * (index & 1);

    /// <summary>Bytes of zero points of a row that are stored.</summary>
    private static int StoredZeroPointBytes(BlockFormat format, int columns) => format.IsSymmetric ? 0 : format.RowZeroPointBytes(columns);

    private static int CheckLengths(BlockFormat format, int weights, int columns, int codes, int scales, int zeroPoints)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        int count = weights / columns;
        CheckLength("weights", weights, count, columns, columns);
        CheckLength("bytes of codes", codes, count, format.RowBytes(columns), columns);
        CheckLength("scales", scales, count, format.RowScales(columns), columns);
        CheckLength("bytes of zero points", zeroPoints, count, StoredZeroPointBytes(format, columns), columns);
        return count;
    }

    private static void CheckLength(string what, int length, int rows, int rowLength, int columns)
    {
        long expected = (long)rows * rowLength;
        if (length != expected) throw new ArgumentException($"There are {length} {what}; {rows} rows of {columns} columns have {expected}.");
    }
}
