using Onnx.Llama.Cli.Progress;
using Onnx.Llama.Kernels.Cache;

namespace Onnx.Llama.Cli.Cache;

/// <summary>Deletes and verifies entries of the cache.</summary>
internal static class CacheWork
{
    /// <summary>Deletes entries; and, where they are all of a kind, what unfinished work of that kind has left.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="whole">The kinds that are deleted as a whole.</param>
    public static CacheClearing Clear(IReadOnlyList<CacheItem> entries, IReadOnlyList<CacheKind> whole)
    {
        long freed = 0;
        List<string> kept = [];
        foreach (CacheItem entry in entries)
        {
            freed += entry.Kind == CacheKind.Packed ? CacheFolder.Kernels.Delete(Packed(entry)) : ConvertedModels.Delete(entry);
            if (Directory.Exists(FolderOf(entry))) kept.Add(entry.Key);
        }

        if (whole.Contains(CacheKind.Packed)) freed += CacheFolder.Kernels.ClearUnfinished();
        if (whole.Contains(CacheKind.Converted)) freed += ConvertedModels.ClearUnfinished();
        return new CacheClearing(entries.Count - kept.Count, freed, kept);
    }

    /// <summary>Reads entries whole.</summary>
    public static CacheVerification Verify(IReadOnlyList<CacheItem> entries, CancellationToken cancellationToken)
    {
        long total = entries.Sum(entry => entry.Bytes);
        return ProgressDisplay.Run("reading", display =>
        {
            long done = 0;
            Relay<long> progress = new(display, bytes => new ByteProgress(done = Math.Min(done + bytes, total), total));
            List<DamagedItem> damaged = [];
            foreach (CacheItem entry in entries)
            {
                if (Fault(entry, progress, cancellationToken) is { } fault) damaged.Add(new DamagedItem(entry.Kind, entry.Key, fault));
            }

            return new CacheVerification(entries.Count, total, damaged);
        });
    }

    private static string? Fault(CacheItem entry, Relay<long> progress, CancellationToken cancellationToken) => entry.Kind == CacheKind.Packed
        ? CacheFolder.Kernels.Verify(Packed(entry), progress, cancellationToken)
        : ConvertedModels.Verify(entry, progress, cancellationToken);

    private static CachedModel Packed(CacheItem entry) => new(entry.Key, entry.Source, entry.Bytes, entry.LastUsed);

    private static string FolderOf(CacheItem entry) =>
        Path.Combine(entry.Kind == CacheKind.Packed ? CacheFolder.Kernels.Folder : ConvertedModels.Folder, entry.Key);
}
