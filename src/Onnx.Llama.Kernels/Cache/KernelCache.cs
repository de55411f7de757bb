using System.Security.Cryptography;
using System.Text.Json;
using Onnx.Llama.Kernels.Forms;
using Onnx.Llama.Kernels.Rewriting;
using Onnx.Llama.Kernels.Weights;

namespace Onnx.Llama.Kernels.Cache;

/// <summary>
/// Packed models of this machine, one folder each: model.onnx, weights.bin, which ONNX Runtime maps into memory and all processes share, and entry.json. An
/// entry is written beside its place and renamed, so that it is whole or not there; it can be deleted whenever no process has it open.
/// </summary>
/// <param name="folder">The folder of all entries.</param>
public sealed class KernelCache(string folder)
{
    /// <summary>Entries of other versions are not used: changes with every change of a layout or operator.</summary>
    public const int Version = 1;

    /// <summary>The most bytes that entries may take where nothing else is said.</summary>
    public const long DefaultLimit = 64L << 30;

    private const string ModelName = "model.onnx";
    private const string WeightsName = "weights.bin";
    private const string EntryName = "entry.json";
    private const string Unfinished = ".unfinished-";

    private static readonly TimeSpan s_abandonedAfter = TimeSpan.FromDays(1);

    /// <summary>The folder of all entries.</summary>
    public string Folder => folder;

    /// <summary>All entries, the last used first; those that cannot be read too.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be read.</exception>
    public IReadOnlyList<CachedModel> List() => !Directory.Exists(folder)
        ? []
        : [.. Directory.EnumerateDirectories(folder).Where(IsEntry).Select(Describe).OrderByDescending(entry => entry.LastUsed)];

    /// <summary>Names of what lies in the folder and is not the cache's; it is never touched.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be read.</exception>
    public IReadOnlyList<string> Foreign() => !Directory.Exists(folder)
        ? []
        : [.. Directory.EnumerateFileSystemEntries(folder)
            .Where(path => File.Exists(path) || !(IsEntry(path) || IsUnfinished(path)))
            .Select(path => Path.GetFileName(path)!)
            .Order(StringComparer.Ordinal)];

    /// <summary>Deletes entries, and what unfinished ones left; how many bytes that freed. One that another process has open stays, where the system holds it.</summary>
    public long Clear() => List().Sum(Delete) + ClearUnfinished();

    /// <summary>Deletes what was being written when a process ended, or is still; how many bytes that freed.</summary>
    public long ClearUnfinished() => !Directory.Exists(folder)
        ? 0
        : Directory.GetDirectories(folder).Where(IsUnfinished).Sum(path => Delete(Describe(path)));

    /// <summary>Deletes an entry; how many bytes that freed, 0 where another process has it open and the system holds it.</summary>
    public long Delete(CachedModel entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return TryDelete(Path.Combine(folder, entry.Key)) ? entry.Bytes : 0;
    }

    /// <summary>Reads an entry whole; what is wrong with it, or null.</summary>
    /// <param name="entry">One of <see cref="List"/>.</param>
    /// <param name="progress">Told of each piece how many bytes it has.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public string? Verify(CachedModel entry, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Fault(Path.Combine(folder, entry.Key), all: true, progress, cancellationToken, out _);
    }

    /// <summary>The path of an entry's graph, if the entry is there and sound; one that is damaged is deleted.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="form">What will run.</param>
    /// <param name="report">What the kernels take over in it.</param>
    /// <param name="fault">What is wrong with it; null for nothing or no entry.</param>
    internal string? Find(string key, InstructionSet form, out KernelReport? report, out string? fault)
    {
        report = null;
        fault = null;
        string path = Path.Combine(folder, key);
        if (!Directory.Exists(path)) return null;
        fault = Fault(path, all: false, progress: null, CancellationToken.None, out CacheEntry? entry);
        if (fault is null && entry!.Report.Form != form) fault = $"was packed for {entry.Report.Form}; this is {form}";
        if (fault is not null)
        {
            // What then stands in its place is another process's, and sound.
            TryDelete(path);
            return null;
        }

        Touch(path);
        report = entry!.Report;
        return Path.Combine(path, ModelName);
    }

    /// <summary>Writes an entry; the path of its graph.</summary>
    /// <exception cref="IOException">The folder cannot be written, or is full.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    internal string Write(
        string key, string source, RewrittenGraph graph, TensorReader reader, long limit, IProgress<PackingProgress>? progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        RemoveAbandoned();
        string beside = Path.Combine(folder, Unfinished + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(beside);
        try
        {
            Fill(beside, source, graph, reader, progress, cancellationToken);
            string place = Path.Combine(folder, key);
            if (!TryMove(beside, place)) return Path.Combine(place, ModelName);
            Trim(limit, key);
            return Path.Combine(place, ModelName);
        }
        finally
        {
            TryDelete(beside);
        }
    }

    private static void Fill(
        string path, string source, RewrittenGraph graph, TensorReader reader, IProgress<PackingProgress>? progress, CancellationToken cancellationToken)
    {
        PackedLayout layout = new(graph, graph.Pieces, WeightsName);
        string weights = Path.Combine(path, WeightsName);
        using (FileTarget target = new(weights, layout.Length))
        {
            layout.Write(reader, target, progress, cancellationToken);
            target.Finish();
        }

        byte[] model = graph.Model.ToBytes();
        File.WriteAllBytes(Path.Combine(path, ModelName), model);
        CacheEntry entry = new(
            Version,
            Path.GetFullPath(source),
            model.Length,
            Convert.ToHexStringLower(SHA256.HashData(model)),
            layout.Length,
            WeightHashes.Of(weights, cancellationToken),
            graph.Report);
        File.WriteAllBytes(Path.Combine(path, EntryName), JsonSerializer.SerializeToUtf8Bytes(entry, CacheJson.Default.CacheEntry));
    }

    /// <summary>What is wrong with an entry, as far as is looked at.</summary>
    private static string? Fault(string path, bool all, IProgress<long>? progress, CancellationToken cancellationToken, out CacheEntry? entry)
    {
        entry = null;
        try
        {
            entry = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(path, EntryName)), CacheJson.Default.CacheEntry);
            if (entry is null) return $"{EntryName} is empty";
            if (entry.Version != Version) return $"was written by version {entry.Version} of the kernels; this is {Version}";
            byte[] model = File.ReadAllBytes(Path.Combine(path, ModelName));
            if (model.Length != entry.ModelLength || Convert.ToHexStringLower(SHA256.HashData(model)) != entry.ModelHash) return $"{ModelName} is not what was written";
            string weights = Path.Combine(path, WeightsName);
            long length = new FileInfo(weights).Length;
            if (length != entry.WeightsLength) return $"{WeightsName} has {length} bytes; {entry.WeightsLength} were written";
            int? damaged = WeightHashes.FirstDamaged(weights, entry.WeightsHashes, all, progress, cancellationToken);
            return damaged is { } piece ? $"{WeightsName} is damaged in MiB {piece}" : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            return fault.Message;
        }
    }

    private static CachedModel Describe(string path)
    {
        long bytes = 0;
        string? source = null;
        try
        {
            bytes = Directory.EnumerateFiles(path).Sum(file => new FileInfo(file).Length);
            source = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(path, EntryName)), CacheJson.Default.CacheEntry)?.Source;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            // It is listed as what it is: something without a source.
        }

        return new CachedModel(Path.GetFileName(path), source, bytes, Directory.GetLastWriteTimeUtc(path));
    }

    private static void Touch(string path)
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

    /// <summary>Brings an entry to its place; false if another process was faster: its entry may be open already, and is the same.</summary>
    private static bool TryMove(string beside, string place)
    {
        try
        {
            Directory.Move(beside, place);
            return true;
        }
        catch (IOException) when (Directory.Exists(place) && Fault(place, all: false, progress: null, CancellationToken.None, out _) is null)
        {
            return false;
        }
    }

    /// <summary>Deletes the entries that were not used for longest until the rest fits; the one just written stays.</summary>
    private void Trim(long limit, string keep)
    {
        IReadOnlyList<CachedModel> entries = List();
        long total = entries.Sum(entry => entry.Bytes);
        foreach (CachedModel entry in entries.Where(entry => entry.Key != keep).Reverse())
        {
            if (total <= limit) return;
            total -= Delete(entry);
        }
    }

    private void RemoveAbandoned()
    {
        DateTime before = TimeProvider.System.GetUtcNow().UtcDateTime - s_abandonedAfter;
        foreach (string path in Directory.EnumerateDirectories(folder).Where(IsUnfinished).Where(path => Directory.GetLastWriteTimeUtc(path) < before)) TryDelete(path);
    }

    private static bool TryDelete(string path)
    {
        try
        {
            if (!Directory.Exists(path)) return false;
            Directory.Delete(path, recursive: true);
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>A link is somebody's own: what it leads to lies elsewhere.</summary>
    private static bool IsEntry(string path) => CacheKey.Is(Path.GetFileName(path)) && !File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint);

    private static bool IsUnfinished(string path) => Path.GetFileName(path).StartsWith(Unfinished, StringComparison.Ordinal);
}
