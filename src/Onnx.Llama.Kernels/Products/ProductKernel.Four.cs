using System.Runtime.CompilerServices;

namespace Onnx.Llama.Kernels.Products;

/// <summary>Four rows of activations at once: each line of weights is read and taken apart once for all of them.</summary>
internal static unsafe partial class ProductKernel<TLanes, TVector, TFormat>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(ref ProductCall call, byte* codes, byte* x, float* into, int ahead)
    {
        int blocks = call.Shape.PaddedBlocks;
        int block = call.Shape.Format.Block * ActivationTiles.Height;
        int codeBytes = call.Shape.CodeBytes;
        float factor = call.ScaleFactor;
        long zeroPointOffset = call.Shape.ZeroPointOffset(0);
        byte* zeroPoints = codes + zeroPointOffset;
        byte* scales = codes + (2 * codeBytes);
        TVector sums0 = TLanes.Zero;
        TVector sums1 = TLanes.Zero;
        TVector sums2 = TLanes.Zero;
        TVector sums3 = TLanes.Zero;
        for (int b = 0; b < blocks; b++)
        {
            byte* tail = x + block;
            var correction = (int*)(tail + 16);
            TVector integers0 = TFormat.Asymmetric ? TLanes.Zero : TLanes.Integers(correction[0]);
            TVector integers1 = TFormat.Asymmetric ? TLanes.Zero : TLanes.Integers(correction[1]);
            TVector integers2 = TFormat.Asymmetric ? TLanes.Zero : TLanes.Integers(correction[2]);
            TVector integers3 = TFormat.Asymmetric ? TLanes.Zero : TLanes.Integers(correction[3]);
            for (byte* end = tail; x < end; x += PackedMatrix.Run * ActivationTiles.Height, codes += RunBytes)
            {
                Fetch(codes, ahead, RunBytes);
                if (TFormat.Bits == 4) Run4(codes, (sbyte*)x, ref integers0, ref integers1, ref integers2, ref integers3);
                else if (TLanes.TakesBytes) Run8(codes, (sbyte*)x, ref integers0, ref integers1, ref integers2, ref integers3);
                else Run8Nibbles(codes, (sbyte*)x, ref integers0, ref integers1, ref integers2, ref integers3);
            }

            var xScales = (float*)tail;
            TVector scale = TLanes.Scales(scales, factor);
            sums0 = TLanes.Accumulate(integers0, scale, xScales[0], sums0);
            sums1 = TLanes.Accumulate(integers1, scale, xScales[1], sums1);
            sums2 = TLanes.Accumulate(integers2, scale, xScales[2], sums2);
            sums3 = TLanes.Accumulate(integers3, scale, xScales[3], sums3);
            if (TFormat.Asymmetric)
            {
                Correct(TLanes.TimesBytes(scale, zeroPoints), xScales + 4, ref sums0, ref sums1, ref sums2, ref sums3);
                zeroPoints += TLanes.Count;
            }

            x = tail + 32;
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

        Store(into, sums0, sums1, sums2, sums3);
    }

    /// <summary>Takes away what zero points of each block's own add.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Correct(TVector offset, float* corrections, ref TVector sums0, ref TVector sums1, ref TVector sums2, ref TVector sums3)
    {
        sums0 = TLanes.MultiplyAddFloats(offset, corrections[0], sums0);
        sums1 = TLanes.MultiplyAddFloats(offset, corrections[1], sums1);
        sums2 = TLanes.MultiplyAddFloats(offset, corrections[2], sums2);
        sums3 = TLanes.MultiplyAddFloats(offset, corrections[3], sums3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* into, TVector sums0, TVector sums1, TVector sums2, TVector sums3)
    {
        TLanes.Store(sums0, into);
        TLanes.Store(sums1, into + TLanes.Count);
        TLanes.Store(sums2, into + (2 * TLanes.Count));
        TLanes.Store(sums3, into + (3 * TLanes.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run4(byte* codes, sbyte* x, ref TVector integers0, ref TVector integers1, ref TVector integers2, ref TVector integers3)
    {
        TVector sums0 = TLanes.Zero;
        TVector sums1 = TLanes.Zero;
        TVector sums2 = TLanes.Zero;
        TVector sums3 = TLanes.Zero;
        Nibbles(codes, x, ref sums0, ref sums1, ref sums2, ref sums3);
        Nibbles(codes + (TLanes.Count * 4), x + 4, ref sums0, ref sums1, ref sums2, ref sums3);
        Nibbles(codes + (TLanes.Count * 8), x + 8, ref sums0, ref sums1, ref sums2, ref sums3);
        Nibbles(codes + (TLanes.Count * 12), x + 12, ref sums0, ref sums1, ref sums2, ref sums3);
        integers0 = TLanes.AddIntegers(integers0, TLanes.Join(sums0));
        integers1 = TLanes.AddIntegers(integers1, TLanes.Join(sums1));
        integers2 = TLanes.AddIntegers(integers2, TLanes.Join(sums2));
        integers3 = TLanes.AddIntegers(integers3, TLanes.Join(sums3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Nibbles(byte* codes, sbyte* x, ref TVector sums0, ref TVector sums1, ref TVector sums2, ref TVector sums3)
    {
        TVector line = TLanes.Line(codes);
        Products(TLanes.LowNibbles(line), x, ref sums0, ref sums1, ref sums2, ref sums3);
        Products(TLanes.HighNibbles(line), x + 16, ref sums0, ref sums1, ref sums2, ref sums3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Products(TVector weights, sbyte* x, ref TVector sums0, ref TVector sums1, ref TVector sums2, ref TVector sums3)
    {
        sums0 = TLanes.MultiplyAdd(sums0, weights, TLanes.Quad(x));
        sums1 = TLanes.MultiplyAdd(sums1, weights, TLanes.Quad(x + PackedMatrix.Run));
        sums2 = TLanes.MultiplyAdd(sums2, weights, TLanes.Quad(x + (2 * PackedMatrix.Run)));
        sums3 = TLanes.MultiplyAdd(sums3, weights, TLanes.Quad(x + (3 * PackedMatrix.Run)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run8(byte* codes, sbyte* x, ref TVector integers0, ref TVector integers1, ref TVector integers2, ref TVector integers3)
    {
        // A dot product of bytes waits for its own sum for several cycles: two sums a row do not wait for each other, which is worth 25 %.
        TVector sums0 = TLanes.Zero;
        TVector sums1 = TLanes.Zero;
        TVector sums2 = TLanes.Zero;
        TVector sums3 = TLanes.Zero;
        for (int line = 0; line < 4; line++)
        {
            byte* first = codes + (line * TLanes.Count * 4);
            Products(TLanes.Line(first), x + (line * 4), ref integers0, ref integers1, ref integers2, ref integers3);
            Products(TLanes.Line(first + (TLanes.Count * 16)), x + 16 + (line * 4), ref sums0, ref sums1, ref sums2, ref sums3);
        }

        integers0 = TLanes.AddIntegers(integers0, sums0);
        integers1 = TLanes.AddIntegers(integers1, sums1);
        integers2 = TLanes.AddIntegers(integers2, sums2);
        integers3 = TLanes.AddIntegers(integers3, sums3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run8Nibbles(byte* codes, sbyte* x, ref TVector integers0, ref TVector integers1, ref TVector integers2, ref TVector integers3)
    {
        TVector low0 = TLanes.Zero;
        TVector low1 = TLanes.Zero;
        TVector low2 = TLanes.Zero;
        TVector low3 = TLanes.Zero;
        TVector high0 = TLanes.Zero;
        TVector high1 = TLanes.Zero;
        TVector high2 = TLanes.Zero;
        TVector high3 = TLanes.Zero;
        for (int line = 0; line < 8; line++)
        {
            TVector bytes = TLanes.Line(codes + (line * TLanes.Count * 4));
            Products(TLanes.LowNibbles(bytes), x + (line * 4), ref low0, ref low1, ref low2, ref low3);
            Products(TLanes.HighNibbles(bytes), x + (line * 4), ref high0, ref high1, ref high2, ref high3);
        }

        integers0 = TLanes.AddIntegers(integers0, TLanes.JoinNibbles(low0, high0));
        integers1 = TLanes.AddIntegers(integers1, TLanes.JoinNibbles(low1, high1));
        integers2 = TLanes.AddIntegers(integers2, TLanes.JoinNibbles(low2, high2));
        integers3 = TLanes.AddIntegers(integers3, TLanes.JoinNibbles(low3, high3));
    }
}
