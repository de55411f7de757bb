using System.Buffers.Binary;
using System.Collections.Immutable;
using Microsoft.Win32.SafeHandles;

namespace Onnx.Llama.Checkpoints;

/// <summary>
/// One safetensors file (https://github.com/huggingface/safetensors#format): eight bytes of length, a JSON header, the tensors' bytes.
/// Everything that the format forbids is refused on opening. Tensors are read by position, never memory-mapped: a mapped page counts as
/// resident memory, and a file cut short would end the process.
/// </summary>
/// <remarks>Reading is thread-safe.</remarks>
public sealed class SafetensorsFile : IDisposable
{
    /// <summary>The longest header that the format allows, in bytes.</summary>
    public const int LongestHeader = 100_000_000;

    private const int LengthBytes = sizeof(ulong);

    private readonly SafeFileHandle _handle;

    private SafetensorsFile(string path, SafeFileHandle handle, long length, long headerLength, SafetensorsHeader header)
    {
        Path = path;
        _handle = handle;
        ByteLength = length;
        HeaderLength = headerLength;
        Tensors = header.Tensors;
        Metadata = header.Metadata;
    }

    /// <summary>Path of the file, as given.</summary>
    public string Path { get; }

    /// <summary>Size of the file in bytes when it was opened.</summary>
    public long ByteLength { get; }

    /// <summary>Bytes before the first tensor: the eight of the length and the header with its padding.</summary>
    public long HeaderLength { get; }

    /// <summary>The tensors, in the order of their bytes.</summary>
    public ImmutableArray<TensorInfo> Tensors { get; }

    /// <summary>The free text pairs under <c>__metadata__</c>; empty if there are none.</summary>
    public ImmutableSortedDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="CheckpointException">It cannot be opened, or breaks the format.</exception>
    public static SafetensorsFile Open(string path)
    {
        long length = SourceFile.Length(path);
        if (length < LengthBytes)
        {
            throw new CheckpointException(path, null, $"is {length} bytes; a safetensors file has at least {LengthBytes}. Download it again.");
        }

        SafeFileHandle handle = SourceFile.Open(path);
        try
        {
            byte[] json = ReadHeaderJson(handle, path, length);
            long headerLength = LengthBytes + json.Length;
            return new SafetensorsFile(path, handle, length, headerLength, SafetensorsHeader.Parse(json, path, headerLength, length));
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>The first <see cref="HeaderLength"/> bytes of the file, read again: what a hash of the header is made of.</summary>
    public byte[] ReadHeader()
    {
        byte[] header = new byte[HeaderLength];
        SourceFile.Read(_handle, Path, null, 0, header);
        return header;
    }

    /// <summary>Reads a range of a tensor's bytes.</summary>
    /// <param name="tensor">One of <see cref="Tensors"/>.</param>
    /// <param name="byteOffset">Where the range begins, counted from the tensor's first byte.</param>
    /// <param name="destination">Filled whole.</param>
    /// <exception cref="ArgumentException">The tensor is another file's.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the tensor.</exception>
    /// <exception cref="CheckpointException">The file was cut short after it had been opened, or the disk fails.</exception>
    public void Read(TensorInfo tensor, long byteOffset, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.File != Path) throw new ArgumentException($"tensor '{tensor.Name}' is in {tensor.File}, not in {Path}", nameof(tensor));
        ArgumentOutOfRangeException.ThrowIfNegative(byteOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteOffset, tensor.ByteLength - destination.Length);
        SourceFile.Read(_handle, Path, tensor.Name, tensor.Offset + byteOffset, destination);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _handle.Dispose();

    private static byte[] ReadHeaderJson(SafeFileHandle handle, string path, long fileLength)
    {
        Span<byte> prefix = stackalloc byte[LengthBytes];
        SourceFile.Read(handle, path, null, 0, prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > LongestHeader)
        {
            string problem = $"the header's length is {length} bytes; the format allows at most {LongestHeader}.";
            throw new CheckpointException(path, null, $"{problem} This is not a safetensors file, or is damaged.");
        }

        if ((long)length > fileLength - LengthBytes)
        {
            string problem = $"the header is cut off: its length is {length} bytes, but only {fileLength - LengthBytes} follow.";
            throw new CheckpointException(path, null, $"{problem} Download the file again.");
        }

        byte[] json = new byte[length];
        SourceFile.Read(handle, path, null, LengthBytes, json);
        return json;
    }
}
