using System.Runtime.CompilerServices;
using Onnx.Llama.Kernels.Forms.Lanes;

namespace Onnx.Llama.Kernels.Attention;

/// <summary>
/// One block of the softmax with running sums (arXiv:1805.02867). A block of which the query sees nothing changes nothing, bit for bit: its weights
/// are 0 and the rescaling is 1. So queries that see different blocks can share a tile.
/// </summary>
internal static unsafe class SoftmaxStep<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary>The largest score of no keys: finite, so that a difference of two is no NaN.</summary>
    public const float NoScore = float.MinValue;

    /// <summary>Turns a row's scores of a block into weights.</summary>
    /// <param name="scratch">Scores, sums, largest score and rescaling.</param>
    /// <param name="row">Which row.</param>
    /// <param name="softcap">Bound of scores, or 0.</param>
    /// <param name="from">The first key of the block that the query sees.</param>
    /// <param name="to">Behind the last one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(in AttentionScratch scratch, int row, float softcap, int from, int to)
    {
        float* scores = scratch.Scores + (row * KvBlocks.KeyBlock);
        if (softcap > 0) Cap(scores, softcap);
        Mask(scores, 0, Math.Min(from, KvBlocks.KeyBlock));
        Mask(scores, Math.Max(to, 0), KvBlocks.KeyBlock);
        float before = scratch.Largest[row];
        float largest = Largest(scores, before);
        scratch.Largest[row] = largest;
        float rescale = before == largest ? 1 : TLanes.First(LaneMath.Exp<TLanes, TVector>(TLanes.Broadcast(before - largest)));
        scratch.Rescale[row] = rescale;
        AddWeights(scores, largest, rescale, scratch.Sums + (row * AttentionScratch.SumStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddWeights(float* scores, float largest, float rescale, float* sums)
    {
        TVector top = TLanes.Broadcast(largest);
        TVector sum = TLanes.Multiply(TLanes.Load(sums), TLanes.Broadcast(rescale));
        for (int key = 0; key < KvBlocks.KeyBlock; key += TLanes.Count)
        {
            TVector weight = LaneMath.Exp<TLanes, TVector>(TLanes.Subtract(TLanes.Load(scores + key), top));
            TLanes.Store(scores + key, weight);
            sum = TLanes.Add(sum, weight);
        }

        TLanes.Store(sums, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Largest(float* scores, float before)
    {
        TVector largest = TLanes.Load(scores);
        for (int key = TLanes.Count; key < KvBlocks.KeyBlock; key += TLanes.Count) largest = TLanes.Max(largest, TLanes.Load(scores + key));
        float ofBlock = TLanes.Largest(largest);
        return ofBlock > before ? ofBlock : before;
    }

    private static void Cap(float* scores, float softcap)
    {
        TVector cap = TLanes.Broadcast(softcap);
        TVector inverse = TLanes.Broadcast(1 / softcap);
        for (int key = 0; key < KvBlocks.KeyBlock; key += TLanes.Count)
        {
            TLanes.Store(scores + key, TLanes.Multiply(cap, LaneMath.Tanh<TLanes, TVector>(TLanes.Multiply(TLanes.Load(scores + key), inverse))));
        }
    }

    private static void Mask(float* scores, int from, int to)
    {
        for (int key = from; key < to; key++) scores[key] = float.NegativeInfinity;
    }
}
