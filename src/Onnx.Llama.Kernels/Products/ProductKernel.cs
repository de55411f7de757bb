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

    /// <summary>Tiles from which on arithmetic counts more than reading one stream of weights from memory.</summary>
    private const int LeastForPairs = 3;

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
            for (int group = first; group < last;)
            {
                int groups = CanPair && tiles.Tiles >= LeastForPairs && call.Matrices == 1 && group + 1 < last ? 2 : 1;
                for (int tile = from; tile < to; tile++) Tile(ref call, group, groups, tile, fetch: tile == from);
                group += groups;
            }
        }
    }

    /// <summary>One tile of activations with one group of each matrix, or with two groups of a single matrix.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(ref ProductCall call, int group, int groups, int tile, bool fetch)
    {
        float* results = stackalloc float[2 * ActivationTiles.Height * TLanes.Count];
        float* second = results + (ActivationTiles.Height * TLanes.Count);
        int matrices = call.Matrices;
        byte* activations = call.Activations + call.Tiles.Offset(tile);
        byte* weights = call.Weights + (group * matrices * call.Shape.GroupBytes);
        bool two = matrices * groups == 2;
        if (call.Tiles.HeightOf(tile) == 1)
        {
            One(ref call, weights, activations, results, fetch ? PrefetchSingle : 0);
            if (two) One(ref call, weights + call.Shape.GroupBytes, activations, second, fetch ? PrefetchSingle : 0);
        }
        else if (two && CanPair && call.Tiles.Tiles >= LeastForPairs)
        {
            Pair(ref call, weights, activations, results, second, fetch ? (int)(2 * call.Shape.GroupBytes) : 0);
        }
        else
        {
            Four(ref call, weights, activations, results, fetch ? PrefetchTile : 0);
            if (two) Four(ref call, weights + call.Shape.GroupBytes, activations, second, fetch ? PrefetchTile : 0);
        }

        ProductOutput.Write(ref call, group, tile, results, TLanes.Count);
        if (groups == 2) ProductOutput.Write(ref call, group + 1, tile, second, TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(ref ProductCall call, byte* codes, byte* x, float* into, int ahead)
    {
        int blocks = call.Shape.PaddedBlocks;
        int block = call.Shape.Format.Block;
        int codeBytes = call.Shape.CodeBytes;
        float factor = call.ScaleFactor;
        long zeroPointOffset = call.Shape.ZeroPointOffset(0);
        byte* zeroPoints = codes + zeroPointOffset;
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
            if (TFormat.Asymmetric && (b & 3) == 3)
            {
                codes += 4 * TLanes.Count;
                zeroPoints = codes + zeroPointOffset;
                if (ahead > 0) TLanes.Prefetch(codes - 1 + ahead);
            }

            scales = codes + (2 * codeBytes);
        }

        TLanes.Store(sums, into);
    }

    private static bool CanPair
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLanes.HasManyRegisters && TFormat.Bits == 4;
    }

    private static int RunBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => PackedMatrix.Run * TFormat.Bits / 8 * TLanes.Count;
    }

    private static int ScaleBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => PackedMatrix.ScaleBytes * TLanes.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(byte* codes, int ahead, int bytes)
    {
        if (ahead == 0) return;
        for (int i = 0; i < bytes; i += 64) TLanes.Prefetch(codes + ahead + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Run4(byte* codes, sbyte* x, TVector integers)
    {
        TVector sums = TLanes.Zero;
        for (int line = 0; line < 4; line++)
        {
            TVector bytes = TLanes.Line(codes + (line * TLanes.Count * 4));
            sums = TLanes.MultiplyAdd(sums, TLanes.LowNibbles(bytes), TLanes.Quad(x + (line * 4)));
            sums = TLanes.MultiplyAdd(sums, TLanes.HighNibbles(bytes), TLanes.Quad(x + 16 + (line * 4)));
        }

        return TLanes.AddIntegers(integers, TLanes.Join(sums));
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
