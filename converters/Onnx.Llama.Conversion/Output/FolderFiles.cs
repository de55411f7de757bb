using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Onnx.Llama.Manifest;

namespace Onnx.Llama.Conversion.Output;

/// <summary>The files of a folder that is being written, each flushed to disk and hashed.</summary>
internal sealed class FolderFiles(string folder)
{
    private const int BufferBytes = 1 << 20;
    private readonly List<FileRecord> _records = [];

    /// <summary>The files so far, in the order of their names.</summary>
    public IReadOnlyList<FileRecord> Records => [.. _records.OrderBy(file => file.Name, StringComparer.Ordinal)];

    /// <summary>Writes a file.</summary>
    /// <exception cref="ConversionException">It cannot be written.</exception>
    public void Write(string name, ReadOnlySpan<byte> content)
    {
        string path = Path.Combine(folder, name);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
            RandomAccess.Write(file, content, 0);
            RandomAccess.FlushToDisk(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ConversionException(path, $"cannot be written: {fault.Message} Free space, or choose another OUTPUT.", fault);
        }

        Add(name, content.Length, SHA256.HashData(content));
    }

    /// <summary>Records a large file that stands in the folder already.</summary>
    public void Hash(string name, CancellationToken cancellationToken)
    {
        using SafeFileHandle file = File.OpenHandle(Path.Combine(folder, name));
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        long position = 0;
        for (int read; (read = RandomAccess.Read(file, buffer, position)) > 0; position += read)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
        }

        ArrayPool<byte>.Shared.Return(buffer);
        Add(name, position, hash.GetHashAndReset());
    }

    private void Add(string name, long size, ReadOnlySpan<byte> hash) => _records.Add(new FileRecord(name, size, Convert.ToHexStringLower(hash)));
}
