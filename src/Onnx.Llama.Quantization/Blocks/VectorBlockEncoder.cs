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
    public static bool TryEncode(BlockFormat format, ReadOnlySpan<float> weights, Span<byte> codes, out float scale)
    {
        if (weights.Length == format.BlockSize) return TryEncodeWhole(format, weights, codes, out scale);

        Span<float> padded = stackalloc float[format.BlockSize];
        weights.CopyTo(padded);
        padded[weights.Length..].Clear();
        return TryEncodeWhole(format, padded, codes, out scale);
    }

    [SkipLocalsInit]
    private static bool TryEncodeWhole(BlockFormat format, ReadOnlySpan<float> weights, Span<byte> codes, out float scale)
    {
        float lowest = -format.ZeroPoint;
        scale = 0;
        if (!TryFindExtreme(weights, out float extreme)) return false;

        float unit = BlockUnit.Of(extreme, lowest);
        if (unit == 0)
        {
            codes.Fill(format.ZeroPointByte);
            return true;
        }

        Span<float> x = stackalloc float[weights.Length];
        Multiply(weights, 1 / unit, x);
        (float factor, float correction) = Search(ScaleCandidates.For(format.Bits), x, lowest);
        if (format.Bits == 4) Pack4(x, factor, codes);
        else Pack8(x, factor, codes);
        scale = BlockUnit.Scale(unit, correction, factor, lowest);
        return true;
    }

    private static bool TryFindExtreme(ReadOnlySpan<float> weights, out float extreme)
    {
        Vector128<int> magnitude = Vector128<int>.Zero;
        Vector128<float> low = Vector128<float>.Zero;
        foreach (Vector128<float> part in MemoryMarshal.Cast<float, Vector128<float>>(weights))
        {
            magnitude = Vector128.Max(magnitude, Vector128.Abs(part).AsInt32());
            low = Vector128.MinNative(low, part);
        }

        magnitude = Vector128.Max(magnitude, Vector128.Shuffle(magnitude, Vector128.Create(2, 3, 0, 1)));
        magnitude = Vector128.Max(magnitude, Vector128.Shuffle(magnitude, Vector128.Create(1, 0, 3, 2)));
        low = Vector128.MinNative(low, Vector128.Shuffle(low, Vector128.Create(2, 3, 0, 1)));
        low = Vector128.MinNative(low, Vector128.Shuffle(low, Vector128.Create(1, 0, 3, 2)));

        float greatest = magnitude.AsSingle().ToScalar();
        extreme = -low.ToScalar() == greatest ? low.ToScalar() : greatest;
        return magnitude.ToScalar() < Infinity;
    }

    private static void Multiply(ReadOnlySpan<float> weights, float factor, Span<float> x)
    {
        ReadOnlySpan<Vector128<float>> from = MemoryMarshal.Cast<float, Vector128<float>>(weights);
        Span<Vector128<float>> to = MemoryMarshal.Cast<float, Vector128<float>>(x);
        for (int i = 0; i < from.Length; i++)
            to[i] = from[i] * factor;
    }

    private static (float Factor, float Correction) Search(ScaleCandidates candidates, ReadOnlySpan<float> x, float lowest)
    {
        Vector256<float> factors = Vector256.LoadUnsafe(ref candidates.Factors[0]), errorWeights = Vector256.LoadUnsafe(ref candidates.ErrorWeights[0]);
        Vector256<float> least = Vector256.Create(lowest), greatest = Vector256.Create(-1 - lowest);
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
        return (candidates.Factors[best], 1 + shift.GetElement(best));
    }

    /// <summary>The first lane of those with the least value.</summary>
    private static int IndexOfLeast(Vector256<float> values)
    {
        Vector256<float> least = Vector256.MinNative(values, Vector256.Shuffle(values, Vector256.Create(4, 5, 6, 7, 0, 1, 2, 3)));
        least = Vector256.MinNative(least, Vector256.Shuffle(least, Vector256.Create(2, 3, 0, 1, 6, 7, 4, 5)));
        least = Vector256.MinNative(least, Vector256.Shuffle(least, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6)));
        return BitOperations.TrailingZeroCount(Vector256.Equals(values, least).ExtractMostSignificantBits());
    }

    private static void Pack4(ReadOnlySpan<float> x, float factor, Span<byte> codes)
    {
        for (int i = 0; i < x.Length; i += 16)
        {
            Vector128<ushort> pairs = Codes(x.Slice(i, 16), factor, 8).AsUInt16();
            pairs = (pairs | (pairs >>> 4)) & Vector128.Create((ushort)0xFF);
            Vector128.Narrow(pairs, pairs).GetLower().CopyTo(codes[(i / 2)..]);
        }
    }

    private static void Pack8(ReadOnlySpan<float> x, float factor, Span<byte> codes)
    {
        for (int i = 0; i < x.Length; i += 16)
            Codes(x.Slice(i, 16), factor, 128).CopyTo(codes[i..]);
    }

    /// <summary>The codes of 16 weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Codes(ReadOnlySpan<float> x, float factor, int zeroPoint)
    {
        ref float first = ref MemoryMarshal.GetReference(x);
        Vector128<ushort> low = Vector128.Narrow(Code(ref first, 0, factor, zeroPoint), Code(ref first, 4, factor, zeroPoint));
        Vector128<ushort> high = Vector128.Narrow(Code(ref first, 8, factor, zeroPoint), Code(ref first, 12, factor, zeroPoint));
        return Vector128.Narrow(low, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Code(ref float x, nuint offset, float factor, int zeroPoint)
    {
        Vector128<float> rounded = Vector128.Round(Vector128.LoadUnsafe(ref x, offset) * factor);
        Vector128<float> clamped = Vector128.MaxNative(Vector128.MinNative(rounded, Vector128.Create(zeroPoint - 1f)), Vector128.Create((float)-zeroPoint));
        return (Vector128.ConvertToInt32Native(clamped) + Vector128.Create(zeroPoint)).AsUInt32();
    }
}
