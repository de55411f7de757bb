using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Onnx.Llama.Kernels.Cache;

/// <summary>Hashes of a file's pieces, so that some can be looked at alone.</summary>
internal static class WeightHashes
{
    private const int PieceBytes = 1 << 20;
    private const int HashBytes = 16;
    private const int HashDigits = 2 * HashBytes;

    /// <summary>Pieces looked at when an entry is opened: a few milliseconds, and never the same ones, so that damage is found sooner or later.</summary>
    private const int Samples = 6;

    /// <summary>The hashes of all pieces.</summary>
    public static string Of(string file, CancellationToken cancellationToken)
    {
        using SafeFileHandle handle = File.OpenHandle(file);
        string[] hashes = new string[Pieces(RandomAccess.GetLength(handle))];
        Parallel.For(0, hashes.Length, new ParallelOptions { CancellationToken = cancellationToken }, piece => hashes[piece] = Hash(handle, piece));
        return string.Concat(hashes);
    }

    /// <summary>The first of all pieces, or of some, that is not what it was; null if there is none.</summary>
    public static int? FirstDamaged(string file, string expected, bool all, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using SafeFileHandle handle = File.OpenHandle(file);
        int pieces = Pieces(RandomAccess.GetLength(handle));
        if (expected.Length != pieces * HashDigits) return 0;
        IEnumerable<int> chosen = all || pieces <= Samples
            ? Enumerable.Range(0, pieces)
            : Enumerable.Range(0, Samples).Select(sample => sample switch { 0 => 0, 1 => pieces - 1, _ => Random.Shared.Next(pieces) });
        foreach (int piece in chosen)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Hash(handle, piece) != expected.Substring(piece * HashDigits, HashDigits)) return piece;
            progress?.Report(PieceBytes);
        }

        return null;
    }

    private static int Pieces(long length) => checked((int)((length + PieceBytes - 1) / PieceBytes));

    private static string Hash(SafeFileHandle handle, int piece)
    {
        byte[] buffer = new byte[PieceBytes];
        int length = 0;
        int read;
        while (length < PieceBytes && (read = RandomAccess.Read(handle, buffer.AsSpan(length), ((long)piece * PieceBytes) + length)) > 0) length += read;
        return Convert.ToHexStringLower(SHA256.HashData(buffer.AsSpan(0, length)).AsSpan(0, HashBytes));
    }
}
