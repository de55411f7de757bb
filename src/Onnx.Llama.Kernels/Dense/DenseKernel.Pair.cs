using System.Runtime.CompilerServices;

namespace Onnx.Llama.Kernels.Dense;

/// <summary>Four rows of activations and two groups of weights at once: each activation is read once for both. Takes 21 registers.</summary>
internal static unsafe partial class DenseKernel<TLanes, TVector, TWeights>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pair(ref DenseCall call, byte* weights, float* x0, float* results, float* second, bool fetch)
    {
        float factor = call.Range.Factor;
        int columns = call.Shape.K;
        long next = call.Shape.GroupBytes;
        float* x1 = x0 + columns;
        float* x2 = x1 + columns;
        float* x3 = x2 + columns;
        TVector evenA0 = TLanes.Broadcast(0);
        TVector evenA1 = evenA0;
        TVector evenA2 = evenA0;
        TVector evenA3 = evenA0;
        TVector oddA0 = evenA0;
        TVector oddA1 = evenA0;
        TVector oddA2 = evenA0;
        TVector oddA3 = evenA0;
        TVector evenB0 = evenA0;
        TVector evenB1 = evenA0;
        TVector evenB2 = evenA0;
        TVector evenB3 = evenA0;
        TVector oddB0 = evenA0;
        TVector oddB1 = evenA0;
        TVector oddB2 = evenA0;
        TVector oddB3 = evenA0;
        int k = 0;
        for (; k + 1 < columns; k += 2, weights += TWeights.PairBytes)
        {
            if (fetch)
            {
                Fetch(weights);
                Fetch(weights + next);
            }

            TVector evenA = TWeights.Read(weights, factor, out TVector oddA);
            TVector evenB = TWeights.Read(weights + next, factor, out TVector oddB);
            Add(evenA, evenB, x0[k], ref evenA0, ref evenB0);
            Add(evenA, evenB, x1[k], ref evenA1, ref evenB1);
            Add(evenA, evenB, x2[k], ref evenA2, ref evenB2);
            Add(evenA, evenB, x3[k], ref evenA3, ref evenB3);
            Add(oddA, oddB, x0[k + 1], ref oddA0, ref oddB0);
            Add(oddA, oddB, x1[k + 1], ref oddA1, ref oddB1);
            Add(oddA, oddB, x2[k + 1], ref oddA2, ref oddB2);
            Add(oddA, oddB, x3[k + 1], ref oddA3, ref oddB3);
        }

        if (k < columns)
        {
            TVector evenA = TWeights.Read(weights, factor, out _);
            TVector evenB = TWeights.Read(weights + next, factor, out _);
            Add(evenA, evenB, x0[k], ref evenA0, ref evenB0);
            Add(evenA, evenB, x1[k], ref evenA1, ref evenB1);
            Add(evenA, evenB, x2[k], ref evenA2, ref evenB2);
            Add(evenA, evenB, x3[k], ref evenA3, ref evenB3);
        }

        TLanes.Store(results, TLanes.Add(evenA0, oddA0));
        TLanes.Store(results + TLanes.Count, TLanes.Add(evenA1, oddA1));
        TLanes.Store(results + (2 * TLanes.Count), TLanes.Add(evenA2, oddA2));
        TLanes.Store(results + (3 * TLanes.Count), TLanes.Add(evenA3, oddA3));
        TLanes.Store(second, TLanes.Add(evenB0, oddB0));
        TLanes.Store(second + TLanes.Count, TLanes.Add(evenB1, oddB1));
        TLanes.Store(second + (2 * TLanes.Count), TLanes.Add(evenB2, oddB2));
        TLanes.Store(second + (3 * TLanes.Count), TLanes.Add(evenB3, oddB3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(TVector first, TVector second, float x, ref TVector sum, ref TVector other)
    {
        TVector value = TLanes.Broadcast(x);
        sum = TLanes.FusedMultiplyAdd(first, value, sum);
        other = TLanes.FusedMultiplyAdd(second, value, other);
    }
}
