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
            for (int k = 0; k < shape.K; k++)
            {
                byte* to = into + Position(shape, lane, k);
                if (shape.Type == DenseType.Float32) *(float*)to = ((float*)row)[k];
                else if (shape.Type == DenseType.BFloat16) *(ushort*)to = ((ushort*)row)[k];
                else *(ushort*)to = range.Pack((float)((Half*)row)[k]);
            }
        }
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
