using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Onnx.Llama.Kernels.Products;

/// <summary>Writes matrices in the kernels' layout, and reads rows of it back.</summary>
internal static unsafe class MatrixPacker
{
    private const int QuadBytes = 4;

    /// <summary>Packs a group of rows.</summary>
    /// <param name="source">The matrix.</param>
    /// <param name="shape">The layout.</param>
    /// <param name="range">How scales are kept.</param>
    /// <param name="group">Which group.</param>
    /// <param name="into">Where, <see cref="PackedMatrix.GroupBytes"/> long and zero.</param>
    public static void PackGroup(StoredMatrix source, in PackedMatrix shape, ScaleRange range, int group, byte* into)
    {
        int rows = Math.Min(shape.Lanes, shape.N - (group * shape.Lanes));
        for (int lane = 0; lane < rows; lane++)
        {
            int row = (group * shape.Lanes) + lane;
            for (int block = 0; block < shape.Blocks; block++)
            {
                ((ushort*)(into + shape.ScaleOffset(block)))[lane] = range.Pack(source.Scale(row, block));
                if (shape.Format.Asymmetric) into[shape.ZeroPointOffset(block) + lane] = (byte)source.ZeroPoint(row, block);
                byte* to = into + shape.CodeOffset(block) + (lane * QuadBytes);
                if (shape.Format.Bits == 4) PackNibbles(source.Codes(row, block), to, shape);
                else PackBytes((uint*)source.Codes(row, block), to, shape);
            }
        }
    }

    /// <summary>Reads a row back as numbers.</summary>
    /// <param name="packed">The packed matrix.</param>
    /// <param name="shape">Its layout.</param>
    /// <param name="range">How its scales are kept.</param>
    /// <param name="row">Which row.</param>
    /// <param name="into">float32 [K].</param>
    public static void UnpackRow(byte* packed, in PackedMatrix shape, ScaleRange range, int row, Span<float> into)
    {
        byte* group = packed + (row / shape.Lanes * shape.GroupBytes);
        int lane = row % shape.Lanes;
        for (int block = 0; block < shape.Blocks; block++)
        {
            float scale = range.Unpack(((ushort*)(group + shape.ScaleOffset(block)))[lane]);
            int zeroPoint = ZeroPoint(group, shape, lane, block);
            byte* codes = group + shape.CodeOffset(block);
            int first = block * shape.Format.Block;
            int count = Math.Min(shape.Format.Block, shape.K - first);
            for (int element = 0; element < count; element++) into[first + element] = (Code(codes, shape, lane, element) - zeroPoint) * scale;
        }
    }

    /// <summary>The zero point of a block of a lane.</summary>
    public static int ZeroPoint(byte* group, in PackedMatrix shape, int lane, int block) =>
        shape.Format.Asymmetric ? group[shape.ZeroPointOffset(block) + lane] : shape.Format.ZeroPoint;

    /// <summary>An element of a packed block.</summary>
    public static int Code(byte* codes, in PackedMatrix shape, int lane, int element)
    {
        int inRun = element % PackedMatrix.Run;
        int line = shape.Lanes * QuadBytes;
        byte* run = codes + (element / PackedMatrix.Run * PackedMatrix.Run * shape.Format.Bits / 8 * shape.Lanes) + (lane * QuadBytes) + (inRun % QuadBytes);
        if (shape.Format.Bits == 8) return run[inRun / QuadBytes * line];
        return inRun < 16 ? run[inRun / QuadBytes * line] & 15 : run[(inRun - 16) / QuadBytes * line] >> 4;
    }

    /// <summary>32 elements, 16 bytes, become four quads in four lines.</summary>
    private static void PackNibbles(byte* codes, byte* to, in PackedMatrix shape)
    {
        int line = shape.Lanes * QuadBytes;
        for (int run = 0; run < shape.Format.Block; run += PackedMatrix.Run, codes += 16, to += 4 * line)
        {
            Vector128<byte> pairs = Vector128.Load(codes);
            Vector128<byte> even = pairs & Vector128.Create((byte)15);
            Vector128<byte> odd = pairs >>> 4;
            Vector128<uint> quads = (Interleave(even.GetLower(), odd.GetLower()) | (Interleave(even.GetUpper(), odd.GetUpper()) << 4)).AsUInt32();
            for (int quad = 0; quad < 4; quad++) *(uint*)(to + (quad * line)) = quads[quad];
        }
    }

    private static void PackBytes(uint* quads, byte* to, in PackedMatrix shape)
    {
        int line = shape.Lanes * QuadBytes;
        for (int quad = 0; quad < shape.Format.Block / QuadBytes; quad++) *(uint*)(to + (quad * line)) = quads[quad];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Interleave(Vector64<byte> even, Vector64<byte> odd)
    {
        (Vector128<ushort> first, Vector128<ushort> second) = (Vector128.WidenLower(even.ToVector128()), Vector128.WidenLower(odd.ToVector128()));
        return (first | (second << 8)).AsByte();
    }
}
