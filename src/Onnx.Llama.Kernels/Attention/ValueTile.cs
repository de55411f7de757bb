using System.Runtime.CompilerServices;
using Onnx.Llama.Kernels.Forms.Lanes;

namespace Onnx.Llama.Kernels.Attention;

/// <summary>Adds a block's weighted values to outputs, key by key in order, with the sums of a tile in registers.</summary>
internal static unsafe class ValueTile<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary>Rescales all outputs and adds the values of some keys of a block.</summary>
    /// <param name="scratch">Weights, and the outputs.</param>
    /// <param name="rows">Queries.</param>
    /// <param name="block">Values: float32 [KeyBlock, headSize].</param>
    /// <param name="headSize">Floats of a head.</param>
    /// <param name="from">The first key.</param>
    /// <param name="to">Behind the last key.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in AttentionScratch scratch, int rows, float* block, int headSize, int from, int to)
    {
        int element = 0;
        for (; element + (4 * TLanes.Count) <= headSize; element += 4 * TLanes.Count)
        {
            Values values = new(block + element, headSize, from, to);
            int row = 0;
            if (TLanes.HasWideTiles)
            {
                for (; row + 4 <= rows; row += 4) Four(in scratch, row, element, in values);
            }

            for (; row + 2 <= rows; row += 2) Two(in scratch, row, element, in values);
            if (row < rows) One(in scratch, row, element, in values);
        }

        for (; element < headSize; element += TLanes.Count)
        {
            Values values = new(block + element, headSize, from, to);
            int count = Math.Min(TLanes.Count, headSize - element);
            int row = 0;
            for (; row + 4 <= rows; row += 4) NarrowFour(in scratch, row, element, in values, count);
            for (; row < rows; row++) NarrowOne(in scratch, row, element, in values, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(in AttentionScratch scratch, int row, int element, in Values values)
    {
        Row first = new(in scratch, row, element), second = new(in scratch, row + 1, element);
        Row third = new(in scratch, row + 2, element), fourth = new(in scratch, row + 3, element);
        Quad<TLanes, TVector> a = first.Rescaled(), b = second.Rescaled(), c = third.Rescaled(), d = fourth.Rescaled();
        float* value = values.First;
        for (int key = values.From; key < values.To; key++, value += values.Stride)
        {
            Quad<TLanes, TVector> each = Quad<TLanes, TVector>.Load(value);
            a = a.Add(TLanes.Broadcast(first.Weights[key]), each);
            b = b.Add(TLanes.Broadcast(second.Weights[key]), each);
            c = c.Add(TLanes.Broadcast(third.Weights[key]), each);
            d = d.Add(TLanes.Broadcast(fourth.Weights[key]), each);
        }

        a.Store(first.Output);
        b.Store(second.Output);
        c.Store(third.Output);
        d.Store(fourth.Output);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Two(in AttentionScratch scratch, int row, int element, in Values values)
    {
        Row first = new(in scratch, row, element), second = new(in scratch, row + 1, element);
        Quad<TLanes, TVector> a = first.Rescaled(), b = second.Rescaled();
        float* value = values.First;
        for (int key = values.From; key < values.To; key++, value += values.Stride)
        {
            Quad<TLanes, TVector> each = Quad<TLanes, TVector>.Load(value);
            a = a.Add(TLanes.Broadcast(first.Weights[key]), each);
            b = b.Add(TLanes.Broadcast(second.Weights[key]), each);
        }

        a.Store(first.Output);
        b.Store(second.Output);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void One(in AttentionScratch scratch, int row, int element, in Values values)
    {
        Row first = new(in scratch, row, element);
        Quad<TLanes, TVector> a = first.Rescaled();
        float* value = values.First;
        for (int key = values.From; key < values.To; key++, value += values.Stride)
        {
            a = a.Add(TLanes.Broadcast(first.Weights[key]), Quad<TLanes, TVector>.Load(value));
        }

        a.Store(first.Output);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void NarrowFour(in AttentionScratch scratch, int row, int element, in Values values, int count)
    {
        Row first = new(in scratch, row, element), second = new(in scratch, row + 1, element);
        Row third = new(in scratch, row + 2, element), fourth = new(in scratch, row + 3, element);
        TVector a = first.RescaledNarrow(), b = second.RescaledNarrow(), c = third.RescaledNarrow(), d = fourth.RescaledNarrow();
        float* value = values.First;
        for (int key = values.From; key < values.To; key++, value += values.Stride)
        {
            TVector each = count == TLanes.Count ? TLanes.Load(value) : TLanes.LoadFirst(value, count);
            a = TLanes.FusedMultiplyAdd(TLanes.Broadcast(first.Weights[key]), each, a);
            b = TLanes.FusedMultiplyAdd(TLanes.Broadcast(second.Weights[key]), each, b);
            c = TLanes.FusedMultiplyAdd(TLanes.Broadcast(third.Weights[key]), each, c);
            d = TLanes.FusedMultiplyAdd(TLanes.Broadcast(fourth.Weights[key]), each, d);
        }

        TLanes.Store(first.Output, a);
        TLanes.Store(second.Output, b);
        TLanes.Store(third.Output, c);
        TLanes.Store(fourth.Output, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void NarrowOne(in AttentionScratch scratch, int row, int element, in Values values, int count)
    {
        Row first = new(in scratch, row, element);
        TVector a = first.RescaledNarrow();
        float* value = values.First;
        for (int key = values.From; key < values.To; key++, value += values.Stride)
        {
            TVector each = count == TLanes.Count ? TLanes.Load(value) : TLanes.LoadFirst(value, count);
            a = TLanes.FusedMultiplyAdd(TLanes.Broadcast(first.Weights[key]), each, a);
        }

        TLanes.Store(first.Output, a);
    }

    /// <summary>Some elements of the values of the keys [From, To).</summary>
    private readonly struct Values(float* block, int headSize, int from, int to)
    {
        public float* First { get; } = block + (from * headSize);

        public int Stride { get; } = headSize;

        public int From { get; } = from;

        public int To { get; } = to;
    }

    /// <summary>A query's weights and some elements of its output.</summary>
    private readonly struct Row(in AttentionScratch scratch, int row, int element)
    {
        private readonly float _rescale = scratch.Rescale[row];

        public float* Weights { get; } = scratch.Scores + (row * KvBlocks.KeyBlock);

        public float* Output { get; } = scratch.Outputs + (row * scratch.Stride) + element;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Quad<TLanes, TVector> Rescaled() => Quad<TLanes, TVector>.Load(Output).Multiply(_rescale);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector RescaledNarrow() => TLanes.Multiply(TLanes.Load(Output), TLanes.Broadcast(_rescale));
    }
}
