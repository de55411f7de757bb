using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Cli.Cache;

/// <summary>
/// What tells one state of a checkpoint from another without reading its weights: the content of its small files, and of weight files the header,
/// the size and the time of the last change.
/// </summary>
internal static class CheckpointKey
{
    private const int SmallFile = 64 << 20;
    private const int ReadableDigits = 16;

    /// <summary>A short hexadecimal key; <paramref name="also"/> is hashed with it.</summary>
    public static string Of(string folder, string also)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(also);
        foreach (string path in Files(folder))
        {
            string name = Path.GetRelativePath(folder, path);
            bool isWeights = name.EndsWith(".safetensors", StringComparison.Ordinal);
            if (!isWeights && Path.GetExtension(name) is not (".json" or ".jinja" or ".model" or ".txt")) continue;
            FileInfo file = Target(path);
            Append(string.Create(CultureInfo.InvariantCulture, $"{name}\n{file.Length}\n"));
            if (isWeights || file.Length > SmallFile) Append(string.Create(CultureInfo.InvariantCulture, $"{file.LastWriteTimeUtc.Ticks}\n"));
            hash.AppendData(isWeights ? Header(path) : file.Length > SmallFile ? [] : File.ReadAllBytes(path));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..ReadableDigits];

        void Append(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>The folder's files, and those of the folders in it: sentence-transformers keeps a config.json in one for each module.</summary>
    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder)
        .Concat(Directory.EnumerateDirectories(folder).SelectMany(inner => Directory.EnumerateFiles(inner, Checkpoints.HfConfig.FileName)))
        .Order(StringComparer.Ordinal);

    private static FileInfo Target(string path)
    {
        FileInfo file = new(path);
        return file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
    }

    private static byte[] Header(string path)
    {
        using FileStream stream = File.OpenRead(path);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        if (stream.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) < length.Length) return [];
        ulong bytes = BinaryPrimitives.ReadUInt64LittleEndian(length);
        byte[] header = new byte[Math.Min(bytes, Math.Min(SafetensorsFile.LongestHeader, (ulong)stream.Length))];
        int read = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        return header[..read];
    }
}
