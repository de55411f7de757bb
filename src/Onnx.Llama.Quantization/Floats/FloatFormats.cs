using System.Runtime.InteropServices;

namespace Onnx.Llama.Quantization;

/// <summary>
/// Decodes the floating-point formats of checkpoints to float32 and encodes float32 to the two 16-bit ones.
/// Decoding is exact for every format but <see cref="FloatFormat.Float64"/>; infinities and signs stay, NaN stays NaN.
/// </summary>
public static class FloatFormats
{
    /// <summary>The bytes of one number: 1, 2, 4 or 8.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The format is none of the enumeration.</exception>
    public static int SizeOf(FloatFormat format) => format switch
    {
        FloatFormat.Float8E4M3 or FloatFormat.Float8E5M2 => 1,
        FloatFormat.Float16 or FloatFormat.BFloat16 => 2,
        FloatFormat.Float32 => 4,
        FloatFormat.Float64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a floating-point format."),
    };

    /// <summary>Decodes <c>destination.Length</c> numbers from <paramref name="source"/>, which holds exactly their bytes and needs no alignment.</summary>
    /// <exception cref="ArgumentException">The source's length is not that of the destination's numbers in this format.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The format is none of the enumeration.</exception>
    public static void Decode(FloatFormat format, ReadOnlySpan<byte> source, Span<float> destination)
    {
        long expected = (long)destination.Length * SizeOf(format);
        if (source.Length != expected)
        {
            throw new ArgumentException($"{destination.Length} numbers of {format} take {expected} bytes; the source has {source.Length}.", nameof(source));
        }

        switch (format)
        {
            case FloatFormat.Float32: source.CopyTo(MemoryMarshal.AsBytes(destination)); break;
            case FloatFormat.Float64: Float64Codec.Decode(source, destination); break;
            case FloatFormat.Float16: Float16Codec.Decode(MemoryMarshal.Cast<byte, ushort>(source), destination); break;
            case FloatFormat.BFloat16: BFloat16Codec.Decode(MemoryMarshal.Cast<byte, ushort>(source), destination); break;
            case FloatFormat.Float8E4M3: Float8Codec.Decode(Float8Codec.E4M3, source, destination); break;
            default: Float8Codec.Decode(Float8Codec.E5M2, source, destination); break;
        }
    }

    /// <summary>Encodes float32 as bfloat16 bits, rounded to nearest, ties to even; what is beyond the largest becomes infinity, NaN a quiet NaN.</summary>
    /// <exception cref="ArgumentException">The destination's length is not the source's.</exception>
    public static void EncodeBFloat16(ReadOnlySpan<float> source, Span<ushort> destination)
    {
        CheckLengths(source.Length, destination.Length);
        BFloat16Codec.Encode(source, destination);
    }

    /// <summary>Encodes float32 as float16 bits, rounded to nearest, ties to even; from 65520 on it becomes infinity, NaN a quiet NaN.</summary>
    /// <exception cref="ArgumentException">The destination's length is not the source's.</exception>
    public static void EncodeFloat16(ReadOnlySpan<float> source, Span<ushort> destination)
    {
        CheckLengths(source.Length, destination.Length);
        Float16Codec.Encode(source, destination);
    }

    private static void CheckLengths(int source, int destination)
    {
        if (source == destination) return;
        throw new ArgumentException($"The destination has {destination} numbers; expected the source's {source}.", nameof(destination));
    }
}
