namespace Onnx.Llama.Quantization;

/// <summary>The two 8-bit formats, decoded by a table of all 256 values.</summary>
internal static class Float8Codec
{
    /// <summary>4 bits of exponent with bias 7, 3 of fraction; the top exponent is an ordinary one, but for the all-ones NaN.</summary>
    public static readonly float[] E4M3 = Table(E4M3Value);

    /// <summary>5 bits of exponent with bias 15, 2 of fraction: the upper byte of a binary16.</summary>
    public static readonly float[] E5M2 = Table(static code => (float)BitConverter.UInt16BitsToHalf((ushort)(code << 8)));

    private const float TwoToThe120 = 1.3292279957849159e36f;

    public static void Decode(float[] table, ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i++)
            destination[i] = table[source[i]];
    }

    private static float[] Table(Func<byte, float> value) => [.. Enumerable.Range(0, 256).Select(code => value((byte)code))];

    private static float E4M3Value(byte code)
    {
        int sign = (code & 0x80) << 24, magnitude = code & 0x7F;
        if (magnitude == 0x7F) return BitConverter.Int32BitsToSingle(sign | 0x7FC00000);

        // Put where a binary32 has exponent and fraction, the code is the value times 2^-120 (biases 127 and 7): exact, also for its subnormals.
        return BitConverter.Int32BitsToSingle(sign | (magnitude << 20)) * TwoToThe120;
    }
}
