using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Onnx.Llama.Checkpoints;

/// <summary>
/// The tensors of a checkpoint: one safetensors file, or several with an index. Only headers are held in memory; tensors are read by position, any range,
/// into the caller's buffer.
/// </summary>
/// <remarks>Reading is thread-safe.</remarks>
public sealed class Checkpoint : IDisposable
{
    private readonly Dictionary<string, SafetensorsFile> _shards;
    private readonly Dictionary<string, TensorInfo> _byName;

    private Checkpoint(string folder, string? index, ImmutableArray<SafetensorsFile> shards)
    {
        Folder = folder;
        Shards = shards;
        Tensors = [.. shards.SelectMany(shard => shard.Tensors).OrderBy(tensor => tensor.Name, StringComparer.Ordinal)];
        IEnumerable<CheckpointFile> files = shards.Select(shard => new CheckpointFile(shard.Path, shard.ByteLength));
        Files = [.. index is null ? files : files.Prepend(new CheckpointFile(index, SourceFile.Length(index)))];
        _shards = shards.ToDictionary(shard => shard.Path, StringComparer.Ordinal);
        _byName = Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <summary>The folder that the checkpoint was opened from, or that its file is in.</summary>
    public string Folder { get; }

    /// <summary>The files that hold the tensors, ordered by name.</summary>
    public ImmutableArray<SafetensorsFile> Shards { get; }

    /// <summary>What the tensors come from: the index, if there is one, then the shards.</summary>
    public ImmutableArray<CheckpointFile> Files { get; }

    /// <summary>All tensors, ordered by name (ordinal).</summary>
    public ImmutableArray<TensorInfo> Tensors { get; }

    /// <summary>The tensor of this name.</summary>
    /// <exception cref="CheckpointException">There is none; the message offers near names.</exception>
    public TensorInfo this[string name] => TryGet(name, out TensorInfo? tensor) ? tensor : throw Missing(name);

    /// <summary>Opens the checkpoint in a folder: model.safetensors.index.json and its shards, else model.safetensors.</summary>
    /// <exception cref="CheckpointException">The folder has neither, or a file in it breaks the format.</exception>
    public static Checkpoint Open(string folder)
    {
        string index = Path.Combine(folder, ShardIndex.FileName);
        if (File.Exists(index)) return OpenShards(folder, index);
        string single = Path.Combine(folder, CheckpointFolder.SingleFile);
        return Path.Exists(single) ? OpenFile(single) : throw CheckpointFolder.WithoutWeights(folder);
    }

    /// <summary>Opens one safetensors file, whatever its name, as a checkpoint.</summary>
    /// <exception cref="CheckpointException">It cannot be opened, or breaks the format.</exception>
    public static Checkpoint OpenFile(string file) => new(Path.GetDirectoryName(Path.GetFullPath(file))!, null, [SafetensorsFile.Open(file)]);

    /// <summary>Finds a tensor that may be absent.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out TensorInfo? tensor) => _byName.TryGetValue(name, out tensor);

    /// <summary>Reads a range of a tensor's bytes.</summary>
    /// <inheritdoc cref="SafetensorsFile.Read"/>
    public void Read(TensorInfo tensor, long byteOffset, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!_shards.TryGetValue(tensor.File, out SafetensorsFile? shard))
        {
            throw new ArgumentException($"tensor '{tensor.Name}' is in {tensor.File}, not in this checkpoint", nameof(tensor));
        }

        shard.Read(tensor, byteOffset, destination);
    }

    /// <summary>Closes all files.</summary>
    public void Dispose() => Close(Shards);

    private static Checkpoint OpenShards(string folder, string index)
    {
        SortedDictionary<string, string> map = ShardIndex.Load(index);
        var shards = ImmutableArray.CreateBuilder<SafetensorsFile>();
        try
        {
            foreach (string name in map.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                shards.Add(OpenShard(folder, index, name));
            }

            ShardIndex.Check(map, shards, folder, index);
            return new Checkpoint(folder, index, shards.ToImmutable());
        }
        catch
        {
            Close(shards);
            throw;
        }
    }

    private static SafetensorsFile OpenShard(string folder, string index, string name)
    {
        string path = Path.Combine(folder, name);
        if (Path.Exists(path)) return SafetensorsFile.Open(path);
        throw new CheckpointException(index, name, $"names the shard '{Show.Text(name)}', which is not in the folder. Download it.");
    }

    private static void Close(IEnumerable<SafetensorsFile> shards)
    {
        foreach (SafetensorsFile shard in shards) shard.Dispose();
    }

    private CheckpointException Missing(string name)
    {
        IReadOnlyList<string> near = NearNames.Find(name, _byName.Keys, most: 3);
        string offer = near.Count == 0 ? "" : $" Near names: {Show.Names(near, near.Count)}.";
        return new CheckpointException(Files[0].Path, name, $"tensor '{name}' is not among the checkpoint's {Tensors.Length}.{offer}");
    }
}
