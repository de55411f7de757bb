using System.Runtime.InteropServices;
using Onnx.Llama.Graph;
using Onnx.Llama.Quantization;

namespace Onnx.Llama.Conversion.Output;

/// <summary>Floating-point numbers as the data file holds them, little-endian.</summary>
internal static class FloatBytes
{
    /// <summary>Bytes of a number.</summary>
    public static int SizeOf(ElementType type) => type == ElementType.Float ? sizeof(float) : sizeof(ushort);

    /// <summary>As people call it.</summary>
    public static string NameOf(ElementType type) => type switch
    {
        ElementType.Float => "float32",
        ElementType.Float16 => "float16",
        ElementType.BFloat16 => "bfloat16",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "expected a floating-point type"),
    };

    /// <summary>Encodes numbers, to the nearest.</summary>
    /// <returns>The index of a finite number that became infinite, or -1.</returns>
    public static int Encode(ElementType type, ReadOnlySpan<float> source, Span<byte> destination)
    {
        switch (type)
        {
            case ElementType.Float:
                MemoryMarshal.AsBytes(source).CopyTo(destination);
                return -1;
            case ElementType.BFloat16:
                FloatFormats.EncodeBFloat16(source, MemoryMarshal.Cast<byte, ushort>(destination));
                return -1;
            case ElementType.Float16:
                Span<ushort> halves = MemoryMarshal.Cast<byte, ushort>(destination);
                FloatFormats.EncodeFloat16(source, halves);
                return Infinite(source, halves);
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "expected a floating-point type");
        }
    }

    private static int Infinite(ReadOnlySpan<float> source, ReadOnlySpan<ushort> halves)
    {
        const ushort Infinity = 0x7C00;
        const ushort Magnitude = 0x7FFF;
        for (int i = 0; i < halves.Length; i++)
        {
            if ((halves[i] & Magnitude) == Infinity && float.IsFinite(source[i])) return i;
        }

        return -1;
    }
}
