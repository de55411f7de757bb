using Onnx.Llama.Kernels.Products;

namespace Onnx.Llama.Kernels.Dense;

/// <summary>Writes matrices in the kernels' layout, and reads rows of it back.</summary>
internal static unsafe class DensePacker
{
    /// <summary>Packs a group of rows.</summary>
    /// <param name="source">The first row of the group: [rows, K] of the type.</param>
    /// <param name="rows">How many rows there are, at most the lanes.</param>
    /// <param name="shape">The layout.</param>
    /// <param name="range">How float16 is kept.</param>
    /// <param name="into">Where, <see cref="DenseMatrix.GroupBytes"/> long and zero.</param>
    public static void PackGroup(byte* source, int rows, in DenseMatrix shape, ScaleRange range, byte* into)
    {
        for (int lane = 0; lane < rows; lane++)
        {
            byte* row = source + ((long)lane * shape.K * shape.ElementBytes);
            byte* to = into + (lane * sizeof(uint));
            if (shape.Type == DenseType.Float32) PackSingles((uint*)row, shape, to);
            else PackHalves((ushort*)row, shape, range, to);
        }
    }

    private static void PackSingles(uint* row, in DenseMatrix shape, byte* to)
    {
        int column = shape.Lanes * sizeof(uint);
        for (int k = 0; k < shape.K; k++) *(uint*)(to + ((long)k * column)) = row[k];
    }

    /// <summary>Two columns of a row are 32 bits here as there.</summary>
    private static void PackHalves(ushort* row, in DenseMatrix shape, ScaleRange range, byte* to)
    {
        bool scaled = shape.Type == DenseType.Float16;
        for (int k = 0; k < shape.K; k += 2, to += shape.PairBytes)
        {
            uint first = scaled ? Scaled(row[k], range) : row[k];
            uint second = k + 1 == shape.K ? 0u : scaled ? Scaled(row[k + 1], range) : row[k + 1];
            *(uint*)to = first | (second << 16);
        }
    }

    /// <summary>A float16 as <see cref="ScaleRange"/> keeps it: with another exponent, where both have one.</summary>
    private static ushort Scaled(ushort bits, ScaleRange range)
    {
        const int Exponent = 10;
        int exponent = (bits >> Exponent) & 31;
        int moved = exponent + range.Exponent;
        return exponent > 0 && moved is > 0 and < 31
            ? (ushort)(bits + (range.Exponent << Exponent))
            : range.Pack((float)BitConverter.UInt16BitsToHalf(bits));
    }

    /// <summary>An element.</summary>
    /// <param name="group">The packed group.</param>
    /// <param name="shape">The layout.</param>
    /// <param name="range">How float16 is kept.</param>
    /// <param name="lane">The row in the group.</param>
    /// <param name="k">The column.</param>
    public static float Element(byte* group, in DenseMatrix shape, ScaleRange range, int lane, int k)
    {
        byte* at = group + Position(shape, lane, k);
        return shape.Type switch
        {
            DenseType.Float32 => *(float*)at,
            DenseType.BFloat16 => BitConverter.Int32BitsToSingle(*(ushort*)at << 16),
            _ => range.Unpack(*(ushort*)at),
        };
    }

    private static long Position(in DenseMatrix shape, int lane, int k)
    {
        long pair = (long)(k >> 1) * shape.PairBytes;
        return shape.Type == DenseType.Float32 ? pair + ((((k & 1) * shape.Lanes) + lane) * 4) : pair + (lane * 4) + ((k & 1) * 2);
    }
}
