using System.Runtime.CompilerServices;
using Onnx.Llama.Kernels.Forms.Lanes;

namespace Onnx.Llama.Kernels.Norms;

/// <summary>The norms with vectors: one pass for the residual sum, the sum and the squares (LayerNorm: one more for the squares), one for the output.</summary>
internal static unsafe class LanesNorm<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    public static void Run(in NormCall call, NormRow row)
    {
        Moments moments = row.Skip == null ? OfInput(in call, row) : OfResidual(in call, row);
        float mean = call.Centered ? TLanes.Sum(moments.Sum) / call.Width : 0;
        TVector squares = call.Centered ? Deviations(row.Between, call.Width, mean) : moments.Squares;
        float factor = 1 / MathF.Sqrt((TLanes.Sum(squares) / call.Width) + call.Epsilon);
        Write(in call, row, TLanes.Broadcast(mean), TLanes.Broadcast(factor));
    }

    private static Moments OfInput(in NormCall call, NormRow row)
    {
        Moments even = default, odd = default;
        int index = 0;
        for (; index + (2 * TLanes.Count) <= call.Width; index += 2 * TLanes.Count)
        {
            even = even.Add(TLanes.Load(row.Input + index));
            odd = odd.Add(TLanes.Load(row.Input + index + TLanes.Count));
        }

        for (; index < call.Width; index += TLanes.Count) even = even.Add(TLanes.LoadFirst(row.Input + index, Math.Min(TLanes.Count, call.Width - index)));
        return even.Add(odd);
    }

    private static Moments OfResidual(in NormCall call, NormRow row)
    {
        Moments even = default, odd = default;
        float* between = row.Between;
        int index = 0;
        for (; index + (2 * TLanes.Count) <= call.Width; index += 2 * TLanes.Count)
        {
            TVector left = Residual(in call, row, index), right = Residual(in call, row, index + TLanes.Count);
            TLanes.Store(between + index, left);
            TLanes.Store(between + index + TLanes.Count, right);
            even = even.Add(left);
            odd = odd.Add(right);
        }

        for (; index < call.Width; index += TLanes.Count)
        {
            int count = Math.Min(TLanes.Count, call.Width - index);
            TVector value = TLanes.Add(TLanes.LoadFirst(row.Input + index, count), TLanes.LoadFirst(row.Skip + index, count));
            if (call.SkipBias != null) value = TLanes.Add(value, TLanes.LoadFirst(call.SkipBias + index, count));
            TLanes.StoreFirst(between + index, count, value);
            even = even.Add(value);
        }

        return even.Add(odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Residual(in NormCall call, NormRow row, int index)
    {
        TVector value = TLanes.Add(TLanes.Load(row.Input + index), TLanes.Load(row.Skip + index));
        return call.SkipBias == null ? value : TLanes.Add(value, TLanes.Load(call.SkipBias + index));
    }

    /// <summary>From the deviations themselves: the difference of two large means could fall below 0.</summary>
    private static TVector Deviations(float* values, int width, float mean)
    {
        TVector center = TLanes.Broadcast(mean);
        Moments moments = default;
        int index = 0;
        for (; index + TLanes.Count <= width; index += TLanes.Count) moments = moments.Add(TLanes.Subtract(TLanes.Load(values + index), center));
        float rest = 0;
        for (; index < width; index++) rest += (values[index] - mean) * (values[index] - mean);
        return TLanes.Add(moments.Squares, TLanes.LoadFirst(&rest, 1));
    }

    private static void Write(in NormCall call, NormRow row, TVector mean, TVector factor)
    {
        float* between = row.Between;
        int index = 0;
        for (; index + TLanes.Count <= call.Width; index += TLanes.Count)
        {
            TVector value = TLanes.Multiply(TLanes.Subtract(TLanes.Load(between + index), mean), factor);
            value = TLanes.Multiply(value, TLanes.Load(call.Weight + index));
            if (call.Bias != null) value = TLanes.Add(value, TLanes.Load(call.Bias + index));
            TLanes.Store(row.Output + index, value);
        }

        if (index == call.Width) return;
        int count = call.Width - index;
        TVector last = TLanes.Multiply(TLanes.Subtract(TLanes.LoadFirst(between + index, count), mean), factor);
        last = TLanes.Multiply(last, TLanes.LoadFirst(call.Weight + index, count));
        if (call.Bias != null) last = TLanes.Add(last, TLanes.LoadFirst(call.Bias + index, count));
        TLanes.StoreFirst(row.Output + index, count, last);
    }

    /// <summary>Sums of values and of their squares, lane by lane.</summary>
    private readonly struct Moments(TVector sum, TVector squares)
    {
        public TVector Sum { get; } = sum;

        public TVector Squares { get; } = squares;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Moments Add(TVector value) => new(TLanes.Add(Sum, value), TLanes.FusedMultiplyAdd(value, value, Squares));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Moments Add(Moments other) => new(TLanes.Add(Sum, other.Sum), TLanes.Add(Squares, other.Squares));
    }
}
