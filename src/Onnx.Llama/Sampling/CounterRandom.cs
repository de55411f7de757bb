namespace Onnx.Llama.Sampling;

/// <summary>
/// Random numbers without state: number <c>position</c> of stream <c>seed</c> is SplitMix64 (Steele, Lea, Flood 2014, doi:10.1145/2660193.2660195)
/// started at a hash of the seed and moved on by position. So a draw depends on nothing that was drawn before, or beside it.
/// </summary>
internal static class CounterRandom
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    /// <summary>A double in [0, 1), a multiple of 2^-53.</summary>
    public static double Uniform(long seed, long position)
    {
        ulong start = Mix(unchecked((ulong)seed + Gamma));
        ulong bits = Mix(unchecked(start + (((ulong)position + 1) * Gamma)));
        return (bits >> 11) * (1.0 / (1UL << 53));
    }

    private static ulong Mix(ulong z)
    {
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }
}
