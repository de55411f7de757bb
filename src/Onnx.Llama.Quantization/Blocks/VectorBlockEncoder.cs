using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Onnx.Llama.Quantization;

/// <summary>
/// <see cref="ScalarBlockEncoder"/> with SIMD, bit for bit. In the search a lane is a candidate, not a weight: every lane adds up in the order of the weights,
/// so nothing is summed across lanes, and where Vector256 is two Vector128 (Arm) the bits are the same.
/// </summary>
internal static class VectorBlockEncoder
{
    private const int Infinity = 0x7F800000;

    /// <summary>Encodes a block, of which the last of a row may have fewer weights than the format's size.</summary>
    /// <returns>False, with nothing written, where a weight is not finite.</returns>
    [SkipLocalsInit]
    public static bool TryEncode(BlockFormat format, ReadOnlySpan<float> weights, Span<byte> codes, out EncodedBlock block)
    {
        if (weights.Length == format.BlockSize) return TryEncodeWhole(format, weights, codes, out block);

        Span<float> padded = stackalloc float[format.BlockSize];
        weights.CopyTo(padded);
        padded[weights.Length..].Clear();
        return TryEncodeWhole(format, padded, codes, out block);
    }

    [SkipLocalsInit]
    private static bool TryEncodeWhole(BlockFormat format, ReadOnlySpan<float> weights, Span<byte> codes, out EncodedBlock block)
    {
        block = new EncodedBlock(0, format.ZeroPoint);
        if (!TryFindRange(weights, out float low, out float high)) return false;

        float unit = BlockUnit.Of(format, low, high);
        if (unit == 0)
        {
            codes.Fill(format.ZeroPointByte);
            return true;
        }

        Span<float> x = stackalloc float[weights.Length];
        float inverse = 1 / unit;
        Multiply(weights, inverse, x);
        ScaleCandidates candidates = ScaleCandidates.For(format);
        Vector256<float> zeroPoints = format.IsSymmetric ? Vector256.Create((float)format.ZeroPoint) : ZeroPoints(candidates, low * inverse, format.GreatestCode);
        (int best, float correction) = Search(candidates, x, zeroPoints, format.GreatestCode);
        (float factor, int zeroPoint) = (candidates.Factors[best], (int)zeroPoints.GetElement(best));
        if (format.Bits == 4) Pack4(x, factor, zeroPoint, codes);
        else Pack8(x, factor, zeroPoint, codes);
        block = new EncodedBlock(BlockUnit.Scale(format, unit, correction, factor), zeroPoint);
        return true;
    }

    private static bool TryFindRange(ReadOnlySpan<float> weights, out float low, out float high)
    {
        Vector128<int> magnitude = Vector128<int>.Zero;
        Vector128<float> lows = Vector128<float>.Zero, highs = Vector128<float>.Zero;
        foreach (Vector128<float> part in MemoryMarshal.Cast<float, Vector128<float>>(weights))
        {
            magnitude = Vector128.Max(magnitude, Vector128.Abs(part).AsInt32());
            lows = Vector128.MinNative(lows, part);
            highs = Vector128.MaxNative(highs, part);
        }

        low = -Greatest(-lows);
        high = Greatest(highs);
        magnitude = Vector128.Max(magnitude, Vector128.Shuffle(magnitude, Vector128.Create(2, 3, 0, 1)));
        magnitude = Vector128.Max(magnitude, Vector128.Shuffle(magnitude, Vector128.Create(1, 0, 3, 2)));
        return magnitude.ToScalar() < Infinity;
    }

    private static float Greatest(Vector128<float> values)
    {
        values = Vector128.MaxNative(values, Vector128.Shuffle(values, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(values, Vector128.Shuffle(values, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    private static void Multiply(ReadOnlySpan<float> weights, float factor, Span<float> x)
    {
        ReadOnlySpan<Vector128<float>> from = MemoryMarshal.Cast<float, Vector128<float>>(weights);
        Span<Vector128<float>> to = MemoryMarshal.Cast<float, Vector128<float>>(x);
        for (int i = 0; i < from.Length; i++)
            to[i] = from[i] * factor;
    }

    private static Vector256<float> ZeroPoints(ScaleCandidates candidates, float low, int greatestCode)
    {
        Vector256<float> factors = Vector256.LoadUnsafe(ref candidates.Factors[0]), shifts = Vector256.LoadUnsafe(ref candidates.Shifts[0]);
        Vector256<float> points = Vector256.Round(-(Vector256.Create(low) * factors)) + shifts;
        return Vector256.MaxNative(Vector256.MinNative(points, Vector256.Create((float)greatestCode)), Vector256<float>.Zero);
    }

    private static (int Best, float Correction) Search(ScaleCandidates candidates, ReadOnlySpan<float> x, Vector256<float> zeroPoints, int greatestCode)
    {
        Vector256<float> factors = Vector256.LoadUnsafe(ref candidates.Factors[0]), errorWeights = Vector256.LoadUnsafe(ref candidates.ErrorWeights[0]);
        Vector256<float> least = -zeroPoints, greatest = Vector256.Create((float)greatestCode) - zeroPoints;
        Vector256<float> rr = Vector256<float>.Zero, rq = Vector256<float>.Zero, qq = Vector256<float>.Zero;
        foreach (float value in x)
        {
            Vector256<float> scaled = Vector256.Create(value) * factors;
            Vector256<float> q = Vector256.MaxNative(Vector256.MinNative(Vector256.Round(scaled), greatest), least);
            Vector256<float> r = scaled - q;
            rr += r * r;
            rq += r * q;
            qq += q * q;
        }

        Vector256<float> shift = rq / qq;
        int best = IndexOfLeast(Vector256.MaxNative(rr - (rq * shift), Vector256<float>.Zero) * errorWeights);
        return (best, 1 + shift.GetElement(best));
    }

    /// <summary>The first lane of those with the least value.</summary>
    private static int IndexOfLeast(Vector256<float> values)
    {
        Vector256<float> least = Vector256.MinNative(values, Vector256.Shuffle(values, Vector256.Create(4, 5, 6, 7, 0, 1, 2, 3)));
        least = Vector256.MinNative(least, Vector256.Shuffle(least, Vector256.Create(2, 3, 0, 1, 6, 7, 4, 5)));
        least = Vector256.MinNative(least, Vector256.Shuffle(least, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6)));
        return BitOperations.TrailingZeroCount(Vector256.Equals(values, least).ExtractMostSignificantBits());
    }

    private static void Pack4(ReadOnlySpan<float> x, float factor, int zeroPoint, Span<byte> codes)
    {
        for (int i = 0; i < x.Length; i += 16)
        {
            Vector128<ushort> pairs = Codes(x.Slice(i, 16), factor, zeroPoint, greatestCode: 15).AsUInt16();
            pairs = (pairs | (pairs >>> 4)) & Vector128.Create((ushort)0xFF);
            Vector128.Narrow(pairs, pairs).GetLower().CopyTo(codes[(i / 2)..]);
        }
    }

    private static void Pack8(ReadOnlySpan<float> x, float factor, int zeroPoint, Span<byte> codes)
    {
        for (int i = 0; i < x.Length; i += 16)
            Codes(x.Slice(i, 16), factor, zeroPoint, greatestCode: 255).CopyTo(codes[i..]);
    }

    /// <summary>The codes of 16 weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Codes(ReadOnlySpan<float> x, float factor, int zeroPoint, int greatestCode)
    {
        ref float first = ref MemoryMarshal.GetReference(x);
        Vector128<ushort> low = Vector128.Narrow(Code(ref first, 0, factor, zeroPoint, greatestCode), Code(ref first, 4, factor, zeroPoint, greatestCode));
        Vector128<ushort> high = Vector128.Narrow(Code(ref first, 8, factor, zeroPoint, greatestCode), Code(ref first, 12, factor, zeroPoint, greatestCode));
        return Vector128.Narrow(low, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Code(ref float x, nuint offset, float factor, int zeroPoint, int greatestCode)
    {
        Vector128<float> rounded = Vector128.Round(Vector128.LoadUnsafe(ref x, offset) * factor);
        Vector128<float> greatest = Vector128.Create((float)(greatestCode - zeroPoint)), least = Vector128.Create((float)-zeroPoint);
        Vector128<float> clamped = Vector128.MaxNative(Vector128.MinNative(rounded, greatest), least);
        return (Vector128.ConvertToInt32Native(clamped) + Vector128.Create(zeroPoint)).AsUInt32();
    }
}
