using System.Runtime.CompilerServices;

namespace Onnx.Llama.Kernels.Products;

/// <summary>
/// Four rows of activations and two groups of weights at once, for 4 bits: each activation is read once for both, which on AVX-512 is worth 14 % (eng/LOG.md). Takes
/// 22 registers.
/// </summary>
internal static unsafe partial class ProductKernel<TLanes, TVector, TFormat>
{
    /// <param name="call">The product.</param>
    /// <param name="codes">The first group; the second follows it.</param>
    /// <param name="x">The tile.</param>
    /// <param name="into">float32 [4, lanes] of the first group.</param>
    /// <param name="second">float32 [4, lanes] of the second.</param>
    /// <param name="ahead">How far ahead weights are asked for, in bytes; 0 for not at all.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pair(ref ProductCall call, byte* codes, byte* x, float* into, float* second, int ahead)
    {
        int blocks = call.Shape.PaddedBlocks;
        int block = call.Shape.Format.Block * ActivationTiles.Height;
        int codeBytes = call.Shape.CodeBytes;
        long next = call.Shape.GroupBytes;
        float factor = call.ScaleFactor;
        long zeroPointOffset = call.Shape.ZeroPointOffset(0);
        byte* zeroPoints = codes + zeroPointOffset;
        byte* scales = codes + (2 * codeBytes);
        TVector a0 = TLanes.Zero;
        TVector a1 = a0;
        TVector a2 = a0;
        TVector a3 = a0;
        TVector b0 = a0;
        TVector b1 = a0;
        TVector b2 = a0;
        TVector b3 = a0;
        for (int b = 0; b < blocks; b++)
        {
            byte* tail = x + block;
            var correction = (int*)(tail + 16);
            TVector i0 = TFormat.Asymmetric ? TLanes.Zero : TLanes.Integers(correction[0]);
            TVector i1 = TFormat.Asymmetric ? TLanes.Zero : TLanes.Integers(correction[1]);
            TVector i2 = TFormat.Asymmetric ? TLanes.Zero : TLanes.Integers(correction[2]);
            TVector i3 = TFormat.Asymmetric ? TLanes.Zero : TLanes.Integers(correction[3]);
            TVector j0 = i0;
            TVector j1 = i1;
            TVector j2 = i2;
            TVector j3 = i3;
            for (byte* end = tail; x < end; x += PackedMatrix.Run * ActivationTiles.Height, codes += RunBytes)
            {
                Fetch(codes, ahead, RunBytes);
                Fetch(codes + next, ahead, RunBytes);
                TVector s0 = TLanes.Zero;
                TVector s1 = s0;
                TVector s2 = s0;
                TVector s3 = s0;
                TVector t0 = s0;
                TVector t1 = s0;
                TVector t2 = s0;
                TVector t3 = s0;
                Nibbles(codes, next, (sbyte*)x, ref s0, ref s1, ref s2, ref s3, ref t0, ref t1, ref t2, ref t3);
                Nibbles(codes + (TLanes.Count * 4), next, (sbyte*)x + 4, ref s0, ref s1, ref s2, ref s3, ref t0, ref t1, ref t2, ref t3);
                Nibbles(codes + (TLanes.Count * 8), next, (sbyte*)x + 8, ref s0, ref s1, ref s2, ref s3, ref t0, ref t1, ref t2, ref t3);
                Nibbles(codes + (TLanes.Count * 12), next, (sbyte*)x + 12, ref s0, ref s1, ref s2, ref s3, ref t0, ref t1, ref t2, ref t3);
                i0 = TLanes.AddIntegers(i0, TLanes.Join(s0));
                i1 = TLanes.AddIntegers(i1, TLanes.Join(s1));
                i2 = TLanes.AddIntegers(i2, TLanes.Join(s2));
                i3 = TLanes.AddIntegers(i3, TLanes.Join(s3));
                j0 = TLanes.AddIntegers(j0, TLanes.Join(t0));
                j1 = TLanes.AddIntegers(j1, TLanes.Join(t1));
                j2 = TLanes.AddIntegers(j2, TLanes.Join(t2));
                j3 = TLanes.AddIntegers(j3, TLanes.Join(t3));
            }

            var xScales = (float*)tail;
            TVector scale = TLanes.Scales(scales, factor);
            a0 = TLanes.Accumulate(i0, scale, xScales[0], a0);
            a1 = TLanes.Accumulate(i1, scale, xScales[1], a1);
            a2 = TLanes.Accumulate(i2, scale, xScales[2], a2);
            a3 = TLanes.Accumulate(i3, scale, xScales[3], a3);
            if (TFormat.Asymmetric) Correct(TLanes.TimesBytes(scale, zeroPoints), xScales + 4, ref a0, ref a1, ref a2, ref a3);
            scale = TLanes.Scales(scales + next, factor);
            b0 = TLanes.Accumulate(j0, scale, xScales[0], b0);
            b1 = TLanes.Accumulate(j1, scale, xScales[1], b1);
            b2 = TLanes.Accumulate(j2, scale, xScales[2], b2);
            b3 = TLanes.Accumulate(j3, scale, xScales[3], b3);
            if (TFormat.Asymmetric) Correct(TLanes.TimesBytes(scale, zeroPoints + next), xScales + 4, ref b0, ref b1, ref b2, ref b3);
            zeroPoints += TLanes.Count;
            x = tail + 32;
            scales += ScaleBytes;
            if ((b & 1) == 0) continue;
            if (ahead > 0)
            {
                TLanes.Prefetch(scales + ahead);
                TLanes.Prefetch(scales + next + ahead);
            }

            codes = scales;
            if (TFormat.Asymmetric && (b & 3) == 3)
            {
                codes += 4 * TLanes.Count;
                zeroPoints = codes + zeroPointOffset;
                if (ahead > 0) TLanes.Prefetch(codes - 1 + ahead);
            }

            scales = codes + (2 * codeBytes);
        }

        Store(into, a0, a1, a2, a3);
        Store(second, b0, b1, b2, b3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Nibbles(
        byte* codes, long next, sbyte* x,
        ref TVector s0, ref TVector s1, ref TVector s2, ref TVector s3, ref TVector t0, ref TVector t1, ref TVector t2, ref TVector t3)
    {
        TVector line = TLanes.Line(codes);
        TVector other = TLanes.Line(codes + next);
        Products(TLanes.LowNibbles(line), TLanes.LowNibbles(other), x, ref s0, ref s1, ref s2, ref s3, ref t0, ref t1, ref t2, ref t3);
        Products(TLanes.HighNibbles(line), TLanes.HighNibbles(other), x + 16, ref s0, ref s1, ref s2, ref s3, ref t0, ref t1, ref t2, ref t3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Products(
        TVector weights, TVector other, sbyte* x,
        ref TVector s0, ref TVector s1, ref TVector s2, ref TVector s3, ref TVector t0, ref TVector t1, ref TVector t2, ref TVector t3)
    {
        Both(weights, other, x, ref s0, ref t0);
        Both(weights, other, x + PackedMatrix.Run, ref s1, ref t1);
        Both(weights, other, x + (2 * PackedMatrix.Run), ref s2, ref t2);
        Both(weights, other, x + (3 * PackedMatrix.Run), ref s3, ref t3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Both(TVector weights, TVector other, sbyte* x, ref TVector s, ref TVector t)
    {
        TVector quad = TLanes.Quad(x);
        s = TLanes.MultiplyAdd(s, weights, quad);
        t = TLanes.MultiplyAdd(t, other, quad);
    }
}
