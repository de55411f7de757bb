using Onnx.Llama.Cli.CommandLine;
using Onnx.Llama.Kernels.Cache;

namespace Onnx.Llama.Cli.Cache;

/// <summary>What the cache's folder holds.</summary>
/// <param name="Folder">The folder, whether or not it is there.</param>
/// <param name="Bytes">Bytes of all entries.</param>
/// <param name="PackedLimit">The most bytes of packed weights.</param>
/// <param name="Entries">Packed weights, then converted checkpoints, each the last used first.</param>
/// <param name="Foreign">What is not the cache's, relative to the folder; it is never touched.</param>
internal sealed record CacheContent(string Folder, long Bytes, long PackedLimit, IReadOnlyList<CacheItem> Entries, IReadOnlyList<string> Foreign)
{
    /// <summary>Looks into the folder.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    public static CacheContent Read()
    {
        string folder = CacheFolder.Path;
        if (File.Exists(folder)) throw new InputException(folder, "is a file; expected the cache's folder, or nothing. Set ONNX_LLAMA_CACHE to another.");
        try
        {
            CacheItem[] entries = [.. CacheFolder.Kernels.List().Select(OfPacked), .. ConvertedModels.List()];
            return new CacheContent(folder, entries.Sum(entry => entry.Bytes), CacheFolder.KernelLimit, entries, ForeignIn(folder));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InputException(folder, $"cannot be read: {fault.Message}");
        }
    }

    /// <summary>The entries of these keys; all without any.</summary>
    /// <exception cref="UsageException">There is no such entry.</exception>
    public IReadOnlyList<CacheItem> Select(IReadOnlyList<string> keys)
    {
        if (keys.FirstOrDefault(key => Entries.All(entry => entry.Key != key)) is { } unknown)
        {
            throw new UsageException($"the cache has no entry '{unknown}'; expected a key that onnx-llama cache list shows.");
        }

        return keys.Count == 0 ? Entries : [.. Entries.Where(entry => keys.Contains(entry.Key))];
    }

    private static CacheItem OfPacked(CachedModel entry) => new(CacheKind.Packed, entry.Key, entry.Source, entry.Bytes, entry.LastUsed);

    private static string[] ForeignIn(string folder)
    {
        if (!Directory.Exists(folder)) return [];
        string[] ours = [CacheFolder.Kernels.Folder, ConvertedModels.Folder];
        return
        [
            .. Directory.EnumerateFileSystemEntries(folder)
                .Where(path => !ours.Contains(path) || File.Exists(path))
                .Select(path => Path.GetFileName(path)!)
                .Order(StringComparer.Ordinal),
            .. CacheFolder.Kernels.Foreign().Select(name => Inner(CacheFolder.Kernels.Folder, name)),
            .. ConvertedModels.Foreign().Select(name => Inner(ConvertedModels.Folder, name)),
        ];

        string Inner(string inside, string name) => Path.GetRelativePath(folder, Path.Combine(inside, name));
    }
}
