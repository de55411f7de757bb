using System.Runtime.InteropServices;

namespace Onnx.Llama.Tokenization.Models;

/// <summary>Hashes of the tables, seeded for each process: a file cannot be made that puts its entries in one place.</summary>
internal static class Hashing
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;
    private static readonly ulong s_seed = BitConverter.ToUInt64(Guid.NewGuid().ToByteArray()) | 1;

    public static uint Of(ulong key) => Fold(key ^ s_seed, s_seed * Multiplier | 1);

    public static uint Of(ReadOnlySpan<char> text) => Of(MemoryMarshal.AsBytes(text));

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        ulong hash = s_seed + (ulong)bytes.Length;
        while (bytes.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        return Fold(hash ^ Tail(bytes), Multiplier ^ s_seed);
    }

    // Up to seven bytes; reads that overlap need no loop.
    private static ulong Tail(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        0 => 0,
        1 => bytes[0],
        < 4 => MemoryMarshal.Read<ushort>(bytes) | ((ulong)bytes[^1] << 16),
        _ => MemoryMarshal.Read<uint>(bytes) | ((ulong)MemoryMarshal.Read<uint>(bytes[^4..]) << 32),
    };

    private static ulong Mix(ulong value)
    {
        ulong high = Math.BigMul(value, Multiplier ^ s_seed, out ulong low);
        return high ^ low;
    }

    private static uint Fold(ulong value, ulong multiplier)
    {
        ulong high = Math.BigMul(value, multiplier, out ulong low);
        ulong mixed = high ^ low;
        return (uint)(mixed ^ (mixed >> 32));
    }
}
