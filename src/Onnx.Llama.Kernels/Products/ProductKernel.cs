using System.Runtime.CompilerServices;
using Onnx.Llama.Kernels.Products.Lanes;

namespace Onnx.Llama.Kernels.Products;

/// <summary>
/// The product of 8-bit activations and 4- or 8-bit weights. For each block: an exact integer sum, made a float, times the block's scale times the activations'
/// scale, added with one rounding, block after block. Each output is made by the same operations in the same order whatever else is computed beside it.
/// </summary>
/// <typeparam name="TLanes">The instruction set.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
/// <typeparam name="TFormat">The weights' format.</typeparam>
internal static unsafe partial class ProductKernel<TLanes, TVector, TFormat>
    where TLanes : struct, IProductLanes<TVector>
    where TVector : struct
    where TFormat : struct, IProductFormat
{
    /// <summary>Bytes that are asked for ahead: far enough for memory, near enough for the first cache. One row reads faster than several.</summary>
    private const int PrefetchSingle = 4096;

    private const int PrefetchTile = 8192;

    /// <summary>Quantised activations that stay in the second cache while the weights pass by.</summary>
    private const int CacheBytes = 256 << 10;

    /// <summary>Computes the outputs of a range of groups.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Range(ref ProductCall call, int first, int last)
    {
        ActivationTiles tiles = call.Tiles;
        int step = (int)Math.Clamp(CacheBytes / Math.Max(1, tiles.Offset(1)), 1, tiles.Tiles);
        for (int from = 0; from < tiles.Tiles; from += step)
        {
            int to = Math.Min(from + step, tiles.Tiles);
            for (int group = first; group < last; group++)
            {
                for (int tile = from; tile < to; tile++) Tile(ref call, group, tile, fetch: tile == from);
            }
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(ref ProductCall call, int group, int tile, bool fetch)
    {
        float* results = stackalloc float[2 * ActivationTiles.Height * TLanes.Count];
        int height = call.Tiles.HeightOf(tile);
        int matrices = call.Matrices;
        byte* activations = call.Activations + call.Tiles.Offset(tile);
        byte* weights = call.Weights + (group * matrices * call.Shape.GroupBytes);
        for (int matrix = 0; matrix < matrices; matrix++)
        {
            float* into = results + (matrix * ActivationTiles.Height * TLanes.Count);
            byte* from = weights + (matrix * call.Shape.GroupBytes);
            if (height == 1) One(ref call, from, activations, into, fetch ? PrefetchSingle : 0);
            else Four(ref call, from, activations, into, fetch ? PrefetchTile : 0);
        }

        ProductOutput.Write(ref call, group, tile, results, TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(ref ProductCall call, byte* codes, byte* x, float* into, int ahead)
    {
        int blocks = call.Shape.PaddedBlocks;
        int block = call.Shape.Format.Block;
        int codeBytes = call.Shape.CodeBytes;
        float factor = call.ScaleFactor;
        byte* zeroPoints = codes + call.Shape.ZeroPointOffset;
        byte* scales = codes + (2 * codeBytes);
        TVector sums = TLanes.Zero;
        for (int b = 0; b < blocks; b++)
        {
            byte* tail = x + block;
            TVector integers = TFormat.Asymmetric ? TLanes.Zero : TLanes.Integers(((int*)tail)[1]);
            for (byte* end = tail; x < end; x += PackedMatrix.Run, codes += RunBytes)
            {
                Fetch(codes, ahead, RunBytes);
                integers = TFormat.Bits == 4 ? Run4(codes, (sbyte*)x, integers) : Run8(codes, (sbyte*)x, integers);
            }

            float xScale = ((float*)tail)[0];
            TVector scale = TLanes.Scales(scales, factor);
            sums = TLanes.Accumulate(integers, scale, xScale, sums);
            if (TFormat.Asymmetric)
            {
                sums = TLanes.MultiplyAddFloats(TLanes.TimesBytes(scale, zeroPoints), ((float*)tail)[1], sums);
                zeroPoints += TLanes.Count;
            }

            x = tail + 8;
            scales += ScaleBytes;
            if ((b & 1) == 0) continue;
            if (ahead > 0) TLanes.Prefetch(scales + ahead);
            codes = scales;
            scales = codes + (2 * codeBytes);
        }

        TLanes.Store(sums, into);
    }

    private static int RunBytes => PackedMatrix.Run * TFormat.Bits / 8 * TLanes.Count;

    private static int ScaleBytes => PackedMatrix.ScaleBytes * TLanes.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(byte* codes, int ahead, int bytes)
    {
        if (ahead == 0) return;
        for (int i = 0; i < bytes; i += 64) TLanes.Prefetch(codes + ahead + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Run4(byte* codes, sbyte* x, TVector integers)
    {
        TVector sums = TLanes.Joined ? integers : TLanes.Zero;
        sums = Nibbles(codes, x, sums);
        sums = Nibbles(codes + (TLanes.Count * 4), x + 4, sums);
        sums = Nibbles(codes + (TLanes.Count * 8), x + 8, sums);
        sums = Nibbles(codes + (TLanes.Count * 12), x + 12, sums);
        return TLanes.Joined ? sums : TLanes.AddIntegers(integers, TLanes.Join(sums));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Nibbles(byte* codes, sbyte* x, TVector sums)
    {
        TVector line = TLanes.Line(codes);
        sums = TLanes.MultiplyAdd(sums, TLanes.LowNibbles(line), TLanes.Quad(x));
        return TLanes.MultiplyAdd(sums, TLanes.HighNibbles(line), TLanes.Quad(x + 16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Run8(byte* codes, sbyte* x, TVector integers)
    {
        if (TLanes.TakesBytes)
        {
            for (int line = 0; line < 8; line++) integers = TLanes.MultiplyAdd(integers, TLanes.Line(codes + (line * TLanes.Count * 4)), TLanes.Quad(x + (line * 4)));
            return integers;
        }

        TVector low = TLanes.Zero;
        TVector high = TLanes.Zero;
        for (int line = 0; line < 8; line++)
        {
            TVector bytes = TLanes.Line(codes + (line * TLanes.Count * 4));
            TVector quad = TLanes.Quad(x + (line * 4));
            low = TLanes.MultiplyAdd(low, TLanes.LowNibbles(bytes), quad);
            high = TLanes.MultiplyAdd(high, TLanes.HighNibbles(bytes), quad);
        }

        return TLanes.AddIntegers(integers, TLanes.JoinNibbles(low, high));
    }
}
