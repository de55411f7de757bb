using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Onnx.Llama.Kernels.Forms.Lanes;

namespace Onnx.Llama.Kernels.Dense;

/// <summary>The product of float32 activations and weights of 16 or 32 bits, in float32. Each output is made by the same operations in the same order whatever else is computed.</summary>
/// <typeparam name="TLanes">The instruction set.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
/// <typeparam name="TWeights">The weights' type.</typeparam>
internal static unsafe partial class DenseKernel<TLanes, TVector, TWeights>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
    where TWeights : struct, IDenseWeights<TVector>
{
    private const int Height = 4;
    private const int Ahead = 4096;

    /// <summary>Rows from which on arithmetic counts more than reading one stream of weights from memory.</summary>
    private const int LeastForPairs = 12;

    /// <summary>Activations that stay in the second cache while the weights pass by.</summary>
    private const int CacheBytes = 256 << 10;

    /// <summary>Computes the outputs of a range of groups.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Range(ref DenseCall call, int first, int last)
    {
        float* results = stackalloc float[2 * Height * TLanes.Count];
        long rowBytes = (long)call.Shape.K * sizeof(float);
        int step = (int)Math.Clamp(CacheBytes / rowBytes / Height * Height, Height, int.MaxValue);
        for (int from = 0; from < call.Rows; from += step)
        {
            int to = Math.Min(call.Rows, from + step);
            for (int group = first; group < last;)
            {
                int groups = TLanes.HasWideTiles && to - from >= LeastForPairs && group + 1 < last ? 2 : 1;
                Rows(ref call, group, groups, from, to, results);
                group += groups;
            }
        }
    }

    /// <summary>Some rows with one group, or with two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows(ref DenseCall call, int group, int groups, int from, int to, float* results)
    {
        byte* weights = call.Weights + (group * call.Shape.GroupBytes);
        float* second = results + (Height * TLanes.Count);
        int row = from;
        for (; row + Height <= to; row += Height)
        {
            float* x = call.Input + ((long)row * call.Shape.K);
            if (groups == 2) Pair(ref call, weights, x, results, second, row == from);
            else Four(ref call, weights, x, results, row == from);
            call.Write(group, row, Height, results);
            if (groups == 2) call.Write(group + 1, row, Height, second);
        }

        for (; row < to; row++)
        {
            for (int one = 0; one < groups; one++)
            {
                One(ref call, weights + (one * call.Shape.GroupBytes), call.Input + ((long)row * call.Shape.K), results, row == from);
                call.Write(group + one, row, 1, results);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(ref DenseCall call, byte* weights, float* x, float* results, bool fetch)
    {
        float factor = call.Range.Factor;
        TVector even = TLanes.Broadcast(0);
        TVector odd = even;
        int k = 0;
        for (; k + 1 < call.Shape.K; k += 2, weights += TWeights.PairBytes)
        {
            if (fetch) Fetch(weights);
            TVector first = TWeights.Read(weights, factor, out TVector second);
            even = TLanes.FusedMultiplyAdd(first, TLanes.Broadcast(x[k]), even);
            odd = TLanes.FusedMultiplyAdd(second, TLanes.Broadcast(x[k + 1]), odd);
        }

        if (k < call.Shape.K) even = TLanes.FusedMultiplyAdd(TWeights.Read(weights, factor, out _), TLanes.Broadcast(x[k]), even);
        TLanes.Store(results, TLanes.Add(even, odd));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(ref DenseCall call, byte* weights, float* x0, float* results, bool fetch)
    {
        float factor = call.Range.Factor;
        int columns = call.Shape.K;
        float* x1 = x0 + columns;
        float* x2 = x1 + columns;
        float* x3 = x2 + columns;
        TVector even0 = TLanes.Broadcast(0);
        TVector even1 = even0;
        TVector even2 = even0;
        TVector even3 = even0;
        TVector odd0 = even0;
        TVector odd1 = even0;
        TVector odd2 = even0;
        TVector odd3 = even0;
        int k = 0;
        for (; k + 1 < columns; k += 2, weights += TWeights.PairBytes)
        {
            if (fetch) Fetch(weights);
            TVector first = TWeights.Read(weights, factor, out TVector second);
            even0 = TLanes.FusedMultiplyAdd(first, TLanes.Broadcast(x0[k]), even0);
            even1 = TLanes.FusedMultiplyAdd(first, TLanes.Broadcast(x1[k]), even1);
            even2 = TLanes.FusedMultiplyAdd(first, TLanes.Broadcast(x2[k]), even2);
            even3 = TLanes.FusedMultiplyAdd(first, TLanes.Broadcast(x3[k]), even3);
            odd0 = TLanes.FusedMultiplyAdd(second, TLanes.Broadcast(x0[k + 1]), odd0);
            odd1 = TLanes.FusedMultiplyAdd(second, TLanes.Broadcast(x1[k + 1]), odd1);
            odd2 = TLanes.FusedMultiplyAdd(second, TLanes.Broadcast(x2[k + 1]), odd2);
            odd3 = TLanes.FusedMultiplyAdd(second, TLanes.Broadcast(x3[k + 1]), odd3);
        }

        if (k < columns)
        {
            TVector first = TWeights.Read(weights, factor, out _);
            even0 = TLanes.FusedMultiplyAdd(first, TLanes.Broadcast(x0[k]), even0);
            even1 = TLanes.FusedMultiplyAdd(first, TLanes.Broadcast(x1[k]), even1);
            even2 = TLanes.FusedMultiplyAdd(first, TLanes.Broadcast(x2[k]), even2);
            even3 = TLanes.FusedMultiplyAdd(first, TLanes.Broadcast(x3[k]), even3);
        }

        TLanes.Store(results, TLanes.Add(even0, odd0));
        TLanes.Store(results + TLanes.Count, TLanes.Add(even1, odd1));
        TLanes.Store(results + (2 * TLanes.Count), TLanes.Add(even2, odd2));
        TLanes.Store(results + (3 * TLanes.Count), TLanes.Add(even3, odd3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(byte* weights)
    {
        if (!Sse.IsSupported) return;
        Sse.Prefetch0(weights + Ahead);
        if (TWeights.PairBytes > 64) Sse.Prefetch0(weights + Ahead + 64);
    }
}
