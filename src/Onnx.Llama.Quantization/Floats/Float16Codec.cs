namespace Onnx.Llama.Quantization;

/// <summary>IEEE 754 binary16.</summary>
internal static class Float16Codec
{
    public static void Decode(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        for (int i = 0; i < source.Length; i++)
            destination[i] = (float)BitConverter.UInt16BitsToHalf(source[i]);
    }

    public static void Encode(ReadOnlySpan<float> source, Span<ushort> destination)
    {
        for (int i = 0; i < source.Length; i++)
            destination[i] = BitConverter.HalfToUInt16Bits((Half)source[i]);
    }
}
