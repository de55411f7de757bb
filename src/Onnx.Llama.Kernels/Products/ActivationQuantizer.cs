using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Onnx.Llama.Kernels.Forms;

namespace Onnx.Llama.Kernels.Products;

/// <summary>Quantises rows of activations to 8 bits: in each block, scale = greatest magnitude / 127 and code = x / scale, rounded to nearest, halves to even.</summary>
internal static unsafe class ActivationQuantizer
{
    private const float GreatestCode = 127;

    /// <summary>Blocks below this are 0: the inverse of their scale would be no number.</summary>
    private const float Least = 1e-35f;

    /// <summary>Quantises the rows of a tile; what it lacks of four becomes rows of nothing.</summary>
    /// <param name="form">How.</param>
    /// <param name="rows">float32 [rows, columns].</param>
    /// <param name="columns">Columns of a row; beyond them, up to whole blocks, codes are 0.</param>
    /// <param name="tiles">The layout.</param>
    /// <param name="tile">Which tile.</param>
    /// <param name="format">The weights' format.</param>
    /// <param name="into">Where all tiles lie.</param>
    public static void Quantize(InstructionSet form, float* rows, int columns, in ActivationTiles tiles, int tile, QuantFormat format, byte* into)
    {
        int height = tiles.HeightOf(tile);
        int there = tiles.RowsOf(tile);
        byte* start = into + tiles.Offset(tile);
        for (int row = 0; row < height; row++)
        {
            float* x = row < there ? rows + (((long)(tile * ActivationTiles.Height) + row) * columns) : null;
            for (int block = 0; block < tiles.Blocks; block++)
            {
                byte* to = start + ((long)block * tiles.BlockBytes(height));
                int first = block * tiles.Block;
                int count = x is null ? 0 : Math.Clamp(columns - first, 0, tiles.Block);
                QuantizeBlock(form, x + first, count, to, row, height, format);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void QuantizeBlock(InstructionSet form, float* x, int count, byte* to, int row, int height, QuantFormat format)
    {
        float greatest = form == InstructionSet.Scalar ? ScalarGreatest(x, count) : Greatest(x, count);
        float scale = greatest < Least ? 0 : greatest / GreatestCode;
        float inverse = scale == 0 ? 0 : 1 / scale;
        int sum = 0;
        for (int run = 0; run < format.Block; run += PackedMatrix.Run)
        {
            var codes = (sbyte*)(to + ((long)run * height) + (row * PackedMatrix.Run));
            int left = Math.Clamp(count - run, 0, PackedMatrix.Run);
            sum += form == InstructionSet.Scalar || left < PackedMatrix.Run ? ScalarCodes(x + run, left, inverse, codes) : Codes(x + run, inverse, codes);
        }

        var tail = (float*)(to + ((long)format.Block * height));
        tail[row] = scale;
        if (format.Asymmetric) tail[height + row] = -scale * sum;
        else ((int*)tail)[height + row] = -format.ZeroPoint * sum;
    }

    /// <summary>NaN where there is one, so that it is not lost.</summary>
    private static float ScalarGreatest(float* x, int count)
    {
        float greatest = 0;
        for (int i = 0; i < count; i++) greatest = MathF.Max(greatest, MathF.Abs(x[i]));
        return greatest;
    }

    private static int ScalarCodes(float* x, int count, float inverse, sbyte* codes)
    {
        int sum = 0;
        for (int i = 0; i < PackedMatrix.Run; i++)
        {
            codes[i] = i < count ? (sbyte)(int)MathF.Round(x[i] * inverse) : (sbyte)0;
            sum += codes[i];
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Greatest(float* x, int count)
    {
        int i = 0;
        Vector256<float> greatest = Vector256<float>.Zero;
        for (; i + Vector256<float>.Count <= count; i += Vector256<float>.Count) greatest = Vector256.Max(greatest, Vector256.Abs(Vector256.Load(x + i)));
        Vector128<float> four = Vector128.Max(greatest.GetLower(), greatest.GetUpper());
        float rest = MathF.Max(MathF.Max(four[0], four[1]), MathF.Max(four[2], four[3]));
        return MathF.Max(rest, ScalarGreatest(x + i, count - i));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Codes(float* x, float inverse, sbyte* codes)
    {
        Vector256<float> factor = Vector256.Create(inverse);
        Vector256<int> a = Rounded(x, factor);
        Vector256<int> b = Rounded(x + 8, factor);
        Vector256<int> c = Rounded(x + 16, factor);
        Vector256<int> d = Rounded(x + 24, factor);
        Vector256.Narrow(Vector256.Narrow(a, b), Vector256.Narrow(c, d)).Store(codes);
        return Vector256.Sum(a + b + c + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Rounded(float* x, Vector256<float> factor) => Vector256.ConvertToInt32(Vector256.Round(Vector256.Load(x) * factor));
}
