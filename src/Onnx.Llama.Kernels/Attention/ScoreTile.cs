using System.Runtime.CompilerServices;
using Onnx.Llama.Kernels.Forms.Lanes;

namespace Onnx.Llama.Kernels.Attention;

/// <summary>
/// Dot products of queries with four keys: lane sums along the head in registers, all reduced at the end by the same tree. A dot product has the
/// same bits in every tile.
/// </summary>
internal static unsafe class ScoreTile<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary>Scores of all queries for the keys of a block from a multiple of four on.</summary>
    /// <param name="scratch">Queries, and where scores go.</param>
    /// <param name="rows">Queries.</param>
    /// <param name="block">Keys: float32 [KeyBlock, headSize].</param>
    /// <param name="headSize">Floats of a head.</param>
    /// <param name="from">The first key, a multiple of four.</param>
    /// <param name="to">Behind the last key that may be read.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in AttentionScratch scratch, int rows, float* block, int headSize, int from, int to)
    {
        for (int key = from; key < to; key += 4)
        {
            Keys keys = new(block, headSize, key, to);
            float* query = scratch.Queries;
            float* score = scratch.Scores + key;
            int row = 0;
            if (TLanes.HasWideTiles)
            {
                for (; row + 4 <= rows; row += 4) Four(query + (row * scratch.Stride), scratch.Stride, in keys, headSize, score + (row * KvBlocks.KeyBlock));
            }

            for (; row + 2 <= rows; row += 2) Two(query + (row * scratch.Stride), scratch.Stride, in keys, headSize, score + (row * KvBlocks.KeyBlock));
            if (row < rows) One(query + (row * scratch.Stride), in keys, headSize, score + (row * KvBlocks.KeyBlock));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(float* query, int stride, in Keys keys, int headSize, float* score)
    {
        Quad<TLanes, TVector> a = default, b = default, c = default, d = default;
        int element = 0;
        for (; element + TLanes.Count <= headSize; element += TLanes.Count)
        {
            Quad<TLanes, TVector> key = keys.At(element);
            a = a.Add(TLanes.Load(query + element), key);
            b = b.Add(TLanes.Load(query + stride + element), key);
            c = c.Add(TLanes.Load(query + (2 * stride) + element), key);
            d = d.Add(TLanes.Load(query + (3 * stride) + element), key);
        }

        if (element < headSize)
        {
            Quad<TLanes, TVector> key = keys.First(element, headSize - element);
            a = a.Add(TLanes.Load(query + element), key);
            b = b.Add(TLanes.Load(query + stride + element), key);
            c = c.Add(TLanes.Load(query + (2 * stride) + element), key);
            d = d.Add(TLanes.Load(query + (3 * stride) + element), key);
        }

        a.StoreSums(score);
        b.StoreSums(score + KvBlocks.KeyBlock);
        c.StoreSums(score + (2 * KvBlocks.KeyBlock));
        d.StoreSums(score + (3 * KvBlocks.KeyBlock));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Two(float* query, int stride, in Keys keys, int headSize, float* score)
    {
        Quad<TLanes, TVector> a = default, b = default;
        int element = 0;
        for (; element + TLanes.Count <= headSize; element += TLanes.Count)
        {
            Quad<TLanes, TVector> key = keys.At(element);
            a = a.Add(TLanes.Load(query + element), key);
            b = b.Add(TLanes.Load(query + stride + element), key);
        }

        if (element < headSize)
        {
            Quad<TLanes, TVector> key = keys.First(element, headSize - element);
            a = a.Add(TLanes.Load(query + element), key);
            b = b.Add(TLanes.Load(query + stride + element), key);
        }

        a.StoreSums(score);
        b.StoreSums(score + KvBlocks.KeyBlock);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void One(float* query, in Keys keys, int headSize, float* score)
    {
        Quad<TLanes, TVector> a = default;
        int element = 0;
        for (; element + TLanes.Count <= headSize; element += TLanes.Count) a = a.Add(TLanes.Load(query + element), keys.At(element));
        if (element < headSize) a = a.Add(TLanes.Load(query + element), keys.First(element, headSize - element));
        a.StoreSums(score);
    }

    /// <summary>Four keys; behind the last that may be read it stands again, and its scores are masked later.</summary>
    private readonly struct Keys(float* block, int headSize, int key, int to)
    {
        private readonly float* _a = block + (key * headSize);
        private readonly float* _b = block + (Math.Min(key + 1, to - 1) * headSize);
        private readonly float* _c = block + (Math.Min(key + 2, to - 1) * headSize);
        private readonly float* _d = block + (Math.Min(key + 3, to - 1) * headSize);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Quad<TLanes, TVector> At(int element) =>
            new(TLanes.Load(_a + element), TLanes.Load(_b + element), TLanes.Load(_c + element), TLanes.Load(_d + element));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Quad<TLanes, TVector> First(int element, int count) => new(
            TLanes.LoadFirst(_a + element, count),
            TLanes.LoadFirst(_b + element, count),
            TLanes.LoadFirst(_c + element, count),
            TLanes.LoadFirst(_d + element, count));
    }
}
