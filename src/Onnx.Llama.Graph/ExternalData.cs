namespace Onnx.Llama.Graph;

/// <summary>Bytes of an initializer in an external data file.</summary>
/// <param name="Offset">Where they begin, in bytes.</param>
/// <param name="Length">How many.</param>
public readonly record struct ExternalRange(long Offset, long Length);

/// <summary>Places tensors in one external data file, in the order in which they come.</summary>
/// <param name="location">The file's name, relative to the graph's folder.</param>
public sealed class ExternalDataLayout(string location)
{
    /// <summary>ONNX Runtime maps a tensor into memory only where its offset is a multiple of the page size.</summary>
    private const long PageAlignment = 4096;

    /// <summary>A cache line, for tensors smaller than a page.</summary>
    private const long SmallAlignment = 64;

    /// <summary>The file's name, relative to the graph's folder.</summary>
    public string Location { get; } = location;

    /// <summary>The file's length so far, in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>The next free range of so many bytes; tensors of a page or more begin on a page.</summary>
    public ExternalRange Reserve(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        long alignment = bytes >= PageAlignment ? PageAlignment : SmallAlignment;
        long offset = checked((Length + alignment - 1) / alignment * alignment);
        Length = checked(offset + bytes);
        return new ExternalRange(offset, bytes);
    }
}
