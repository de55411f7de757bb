using System.Buffers.Binary;

namespace Onnx.Llama.Quantization;

/// <summary>binary64 to float32. Checkpoints rarely hold it, so it is not vectorised.</summary>
internal static class Float64Codec
{
    public static void Decode(ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i++)
            destination[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(source[(8 * i)..]);
    }
}
