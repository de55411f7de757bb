using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Onnx.Llama.Manifest;

namespace Onnx.Llama.Cli.Cache;

/// <summary>
/// The cache's converted checkpoints, one model folder each, named for the checkpoint, its precision and a key: <c>tales-int4-0123456789abcdef</c>.
/// </summary>
internal static partial class ConvertedModels
{
    private const int BufferBytes = 1 << 20;

    /// <summary>The folder of all entries.</summary>
    public static string Folder { get; } = Path.Combine(CacheFolder.Path, "models");

    /// <summary>All entries, the last used first; those that cannot be read too.</summary>
    public static IReadOnlyList<CacheItem> List() => !Directory.Exists(Folder)
        ? []
        : [.. Directory.EnumerateDirectories(Folder).Where(IsEntry).Select(Describe).OrderByDescending(entry => entry.LastUsed)];

    /// <summary>Names of what lies in the folder and is no conversion's; it is never touched.</summary>
    public static IReadOnlyList<string> Foreign() => !Directory.Exists(Folder)
        ? []
        : [.. Directory.EnumerateFileSystemEntries(Folder)
            .Where(path => !(Directory.Exists(path) && IsEntry(path)) && !UnfinishedName().IsMatch(Path.GetFileName(path)))
            .Select(path => Path.GetFileName(path)!)
            .Order(StringComparer.Ordinal)];

    /// <summary>Notes that an entry is used now.</summary>
    public static void Touch(string path)
    {
        try
        {
            Directory.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Another user's cache: when it was used is for its owner to know.
        }
    }

    /// <summary>Deletes an entry; how many bytes that freed, 0 where another process has it open and the system holds it.</summary>
    public static long Delete(CacheItem entry) => TryDelete(Path.Combine(Folder, entry.Key)) ? entry.Bytes : 0;

    /// <summary>Deletes what conversions left that were killed, not those still at work; how many bytes that freed.</summary>
    public static long ClearUnfinished()
    {
        long freed = 0;
        string[] left = Directory.Exists(Folder) ? Directory.GetDirectories(Folder) : [];
        foreach (string path in left.Where(path => UnfinishedName().IsMatch(Path.GetFileName(path))))
        {
            try
            {
                // As conversions do it: who holds the lock is at work.
                using FileStream holding = new(
                    Path.ChangeExtension(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
                long bytes = BytesOf(path);
                if (TryDelete(path)) freed += bytes;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // A conversion at work, which deletes it itself if it fails.
            }
        }

        return freed;
    }

    /// <summary>Reads an entry whole; what is wrong with it, or null.</summary>
    /// <param name="entry">One of <see cref="List"/>.</param>
    /// <param name="progress">Told of each piece how many bytes it has.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static string? Verify(CacheItem entry, IProgress<long> progress, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(Folder, entry.Key);
        try
        {
            if (ModelManifest.Load(folder) is not { } manifest) return $"{ModelManifest.FileName} is missing";
            return manifest.Files.Select(file => Fault(folder, file, progress, cancellationToken)).FirstOrDefault(fault => fault is not null);
        }
        catch (Exception fault) when (fault is ManifestException or IOException or UnauthorizedAccessException)
        {
            return fault.Message;
        }
    }

    private static string? Fault(string folder, FileRecord record, IProgress<long> progress, CancellationToken cancellationToken)
    {
        FileInfo file = new(Path.Combine(folder, record.Name));
        if (!file.Exists) return $"{record.Name} is missing";
        if (file.Length != record.Size) return FormattableString.Invariant($"{record.Name} has {file.Length} bytes; {record.Size} were written");
        using FileStream stream = file.OpenRead();
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[BufferBytes];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
            progress.Report(read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset()) == record.Sha256 ? null : $"{record.Name} is not what was written";
    }

    private static CacheItem Describe(string path)
    {
        string key = Path.GetFileName(path);
        return new CacheItem(CacheKind.Converted, key, EntryName().Match(key).Groups["source"].Value, BytesOf(path), Directory.GetLastWriteTimeUtc(path));
    }

    private static long BytesOf(string path)
    {
        try
        {
            return Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private static bool TryDelete(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>A link is somebody's own: what it leads to lies elsewhere.</summary>
    private static bool IsEntry(string path) => EntryName().IsMatch(Path.GetFileName(path)) && !File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint);

    [GeneratedRegex("^(?<source>[^.].*)-[0-9a-f]{16}$", RegexOptions.CultureInvariant)]
    private static partial Regex EntryName();

    [GeneratedRegex(@"^\..+-[0-9a-f]{16}\.(?:partial|old|lock)$", RegexOptions.CultureInvariant)]
    private static partial Regex UnfinishedName();
}
