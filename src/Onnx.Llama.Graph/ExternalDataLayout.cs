using System.Globalization;

namespace Onnx.Llama.Graph;

/// <summary>Places tensors in one external data file, in the order in which they come.</summary>
public sealed class ExternalDataLayout
{
    /// <summary>ONNX Runtime maps a tensor into memory only where its offset is a multiple of the page size.</summary>
    private const long PageAlignment = 4096;

    /// <summary>A cache line, for tensors smaller than a page.</summary>
    private const long SmallAlignment = 64;

    /// <summary>An empty file.</summary>
    /// <param name="location">The file's name, relative to the graph's folder, with forward slashes.</param>
    /// <exception cref="GraphException">The name leaves the folder.</exception>
    public ExternalDataLayout(string location)
    {
        ExternalLocation.Check(location, "external data");
        Location = location;
    }

    /// <summary>The file's name, relative to the graph's folder.</summary>
    public string Location { get; }

    /// <summary>The file's length so far, in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>The next free range of so many bytes; tensors of a page or more begin on a page.</summary>
    /// <exception cref="GraphException">The file would be longer than a file can be.</exception>
    public ExternalRange Reserve(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        long alignment = bytes >= PageAlignment ? PageAlignment : SmallAlignment;
        long gap = (alignment - (Length % alignment)) % alignment;
        if (bytes > long.MaxValue - Length - gap)
        {
            throw new GraphException(
                Location, string.Create(CultureInfo.InvariantCulture, $"has {Length} bytes and cannot take {bytes} more; expected at most {long.MaxValue} in all."));
        }

        ExternalRange range = new(Length + gap, bytes);
        Length = range.Offset + bytes;
        return range;
    }
}
