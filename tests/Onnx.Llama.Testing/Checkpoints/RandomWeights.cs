using System.Runtime.InteropServices;
using System.Text;
using Onnx.Llama.Quantization;

namespace Onnx.Llama.Testing;

/// <summary>
/// Random numbers of about normal distribution, a pure function of seed, tensor name and index. Number i is the sum of the eight bytes of
/// splitmix64(key + i x golden gamma), less its mean 1020, over its deviation 209: in [-4.88, 4.88], excess kurtosis -0.15, the same bits on every machine.
/// splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
/// </summary>
internal sealed class RandomWeights(ulong seed, string name, float mean, float deviation)
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;
    private const float SumMean = 1020;
    private const float SumDeviation = 209.02153f; // sqrt(8 x (256^2 - 1) / 12)

    private readonly ulong _key = Mix(Mix(seed) ^ Hash(name));

    /// <summary>The numbers from an index on: mean + deviation x number, rounded to bfloat16.</summary>
    public void Fill(long start, Span<float> values)
    {
        float scale = deviation / SumDeviation;
        ulong state = unchecked(_key + ((ulong)start * Gamma));
        foreach (ref float value in values)
        {
            value = mean + ((SumOfBytes(Mix(state)) - SumMean) * scale);
            state = unchecked(state + Gamma);
        }

        RoundToBFloat16(values);
    }

    private static void RoundToBFloat16(Span<float> values)
    {
        Span<ushort> rounded = stackalloc ushort[1024];
        for (int start = 0; start < values.Length; start += rounded.Length)
        {
            Span<float> piece = values[start..Math.Min(start + rounded.Length, values.Length)];
            FloatFormats.EncodeBFloat16(piece, rounded[..piece.Length]);
            FloatFormats.Decode(FloatFormat.BFloat16, MemoryMarshal.AsBytes(rounded[..piece.Length]), piece);
        }
    }

    private static int SumOfBytes(ulong bits)
    {
        const ulong Even = 0x00FF00FF00FF00FF;
        ulong pairs = (bits & Even) + ((bits >> 8) & Even);
        return (int)(unchecked(pairs * 0x0001000100010001) >> 48);
    }

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>FNV-1a of the name's UTF-8 bytes.</summary>
    private static ulong Hash(string name)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (byte b in Encoding.UTF8.GetBytes(name)) hash = unchecked((hash ^ b) * 0x100000001B3);
        return hash;
    }
}
