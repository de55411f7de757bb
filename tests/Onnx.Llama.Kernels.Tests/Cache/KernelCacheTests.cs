using System.Text.Json.Nodes;
using Onnx.Llama.Kernels.Cache;
using Onnx.Llama.Kernels.Forms;

namespace Onnx.Llama.Kernels.Tests.Cache;

public sealed class KernelCacheTests
{
    [Fact]
    public void Prepare_Twice_ReadsNoWeightsTheSecondTime()
    {
        using CacheModel model = new();
        Assert.Null(model.Use());
        Assert.InRange(model.Packed, 1, long.MaxValue);
        CachedModel entry = Assert.Single(model.Cache.List());
        Assert.Equal(model.File, entry.Source);
        Assert.Equal(Directory.EnumerateFiles(model.Entry).Sum(file => new FileInfo(file).Length), entry.Bytes);
        Assert.EndsWith($"-{KernelCache.Version}-{Processor.Current}", entry.Key, StringComparison.OrdinalIgnoreCase);
        Assert.Null(model.Cache.Verify(entry, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Null(model.Use());
        Assert.Equal(0, model.Packed);
    }

    public static TheoryData<string, string, string> Damages { get; } = new()
    {
        { "weights.bin", "cut", "weights.bin has " },
        { "weights.bin", "longer", "weights.bin has " },
        { "weights.bin", "flip", "weights.bin is damaged in MiB 0" },
        { "weights.bin", "gone", "weights.bin" },
        { "model.onnx", "flip", "model.onnx is not what was written" },
        { "model.onnx", "cut", "model.onnx is not what was written" },
        { "model.onnx", "gone", "model.onnx" },
        { "entry.json", "gone", "entry.json" },
        { "entry.json", "cut", "" },
        { "entry.json", "folder", "entry.json" },
        { "weights.bin", "folder", "weights.bin" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void Prepare_DamagedEntry_PacksAnew(string file, string damage, string message)
    {
        using CacheModel model = new();
        model.Use();
        Damage(model[file], damage);
        CachedModel entry = Assert.Single(model.Cache.List());
        Assert.Contains(message, model.Cache.Verify(entry, cancellationToken: TestContext.Current.CancellationToken), StringComparison.Ordinal);
        string? note = model.Use();
        Assert.StartsWith("the cached weights are packed anew: ", note, StringComparison.Ordinal);
        Assert.Contains(message, note, StringComparison.Ordinal);
        Assert.InRange(model.Packed, 1, long.MaxValue);
        Assert.Null(model.Cache.Verify(Assert.Single(model.Cache.List()), cancellationToken: TestContext.Current.CancellationToken));
        Assert.Null(model.Use());
        model.IsClean();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"version\": 1}")]
    [InlineData("{\"version\": \"one\"}")]
    public void Prepare_BrokenJson_PacksAnew(string json)
    {
        using CacheModel model = new();
        model.Use();
        File.WriteAllText(model["entry.json"], json);
        Assert.StartsWith("the cached weights are packed anew: ", model.Use(), StringComparison.Ordinal);
        Assert.Null(model.Use());
    }

    /// <summary>Whatever stands in one of its values.</summary>
    [Fact]
    public void Prepare_WrongValues_PackAnew()
    {
        using CacheModel model = new();
        model.Use();
        string[] names = [.. JsonNode.Parse(File.ReadAllText(model["entry.json"]))!.AsObject().Select(pair => pair.Key)];
        Assert.Contains("weights_hashes", names);
        foreach (string name in names.Where(name => name != "source"))
        {
            foreach (string value in new[] { "null", "-1", "\"\"", "\"x\"", "9223372036854775807", "[]", "{}" })
            {
                JsonObject entry = JsonNode.Parse(File.ReadAllText(model["entry.json"]))!.AsObject();
                entry[name] = JsonNode.Parse(value);
                File.WriteAllText(model["entry.json"], entry.ToJsonString());
                Assert.NotNull(model.Use());
            }
        }
    }

    [Fact]
    public void Prepare_OtherVersion_PacksAnew()
    {
        using CacheModel model = new();
        model.Use();
        Change(model, "version", KernelCache.Version + 1);
        string fault = $"was written by version {KernelCache.Version + 1} of the kernels; this is {KernelCache.Version}";
        Assert.Equal($"the cached weights are packed anew: {fault}", model.Use());
    }

    /// <summary>Each form has entries of its own; one that was brought from elsewhere under this form's name is none.</summary>
    [Fact]
    public void Prepare_OtherForm_PacksAnew()
    {
        using CacheModel model = new();
        model.Use();
        InstructionSet other = Processor.Current == InstructionSet.Scalar ? InstructionSet.Arm : InstructionSet.Scalar;
        JsonObject entry = JsonNode.Parse(File.ReadAllText(model["entry.json"]))!.AsObject();
        entry["report"]!["form"] = other.ToString();
        File.WriteAllText(model["entry.json"], entry.ToJsonString());
        Assert.Equal($"the cached weights are packed anew: was packed for {other}; this is {Processor.Current}", model.Use());
    }

    [Theory]
    [InlineData("time")]
    [InlineData("size")]
    [InlineData("weights")]
    [InlineData("graph")]
    public void Prepare_ChangedSource_HasAnEntryOfItsOwn(string change)
    {
        using CacheModel model = new();
        model.Use();
        if (change == "time") File.SetLastWriteTimeUtc(model.DataFile, File.GetLastWriteTimeUtc(model.DataFile).AddSeconds(1));
        if (change == "size") File.AppendAllText(model.DataFile, "more");
        if (change == "graph")
        {
            Graph.OnnxModel read = Graph.OnnxModel.Read(model.File);
            read.Proto.DocString = "changed";
            File.WriteAllBytes(model.File, read.ToBytes());
        }

        if (change == "weights")
        {
            // Another model of the family out of the same archive: as long and as old.
            using TinyDecoder other = new(seed: 2);
            other.Model.Save();
            DateTime changed = File.GetLastWriteTimeUtc(model.DataFile);
            File.Copy(other.Model.DataFile, model.DataFile, overwrite: true);
            File.SetLastWriteTimeUtc(model.DataFile, changed);
            using Feed feed = TinyDecoder.Prompt();
            model.Expected = ModelRun.Kernels(model.File, feed, out _)[0];
        }

        Assert.Null(model.Use());
        Assert.InRange(model.Packed, 1, long.MaxValue);
        Assert.Equal(2, model.Cache.List().Count);
        model.IsClean();
    }

    /// <summary>A file in the cache's place, in the entry's place, and above the cache, where not even root can write.</summary>
    [Theory]
    [InlineData("cache")]
    [InlineData("above")]
    [InlineData("entry")]
    public void Prepare_AFileInTheWay_PacksInMemory(string place)
    {
        using CacheModel model = new();
        model.Use();
        string entry = model.Entry;
        Directory.Delete(entry, recursive: true);
        if (place == "entry")
        {
            File.WriteAllText(entry, "");
        }
        else
        {
            Directory.Delete(model.Cache.Folder);
            File.WriteAllText(model.Cache.Folder, "");
        }

        KernelCache cache = place == "above" ? new KernelCache(Path.Combine(model.Cache.Folder, "below")) : model.Cache;
        for (int i = 0; i < 2; i++)
        {
            Assert.StartsWith("weights are packed in memory each time, since the cache cannot be written: ", model.Use(cache), StringComparison.Ordinal);
            Assert.InRange(model.Packed, 1, long.MaxValue);
        }

        if (place == "entry") Assert.Equal(entry, Assert.Single(Directory.EnumerateFileSystemEntries(model.Cache.Folder)));
    }

    [Fact]
    public void Prepare_CancelledHalfWay_LeavesNothing()
    {
        using CacheModel model = new();
        foreach (KernelCache? cache in new[] { model.Cache, null })
        {
            using CancellationTokenSource source = new();
            long seen = 0;
            CacheModel.Told progress = new(told =>
            {
                seen = told.Done;
                source.Cancel();
            });
            Assert.ThrowsAny<OperationCanceledException>(() => KernelGraph.Prepare(model.File, cache, progress: progress, cancellationToken: source.Token));
            Assert.InRange(seen, 1, long.MaxValue);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(model.Cache.Folder));
        Assert.Null(model.Use());
    }

    [Fact]
    public void Prepare_BeyondTheLimit_RemovesTheLastUsed()
    {
        using CacheModel first = new(1), second = new(2), third = new(3);
        KernelCache cache = first.Cache;
        first.Use(cache);
        string firstEntry = first.Entry;
        long size = Assert.Single(cache.List()).Bytes;
        Directory.SetLastWriteTimeUtc(firstEntry, DateTime.UnixEpoch.AddDays(2));
        second.Use(cache);
        string secondEntry = Path.Combine(cache.Folder, cache.List()[0].Key);
        Directory.SetLastWriteTimeUtc(secondEntry, DateTime.UnixEpoch.AddDays(1));
        Assert.Null(first.Use(cache));
        Assert.Equal(0, first.Packed);
        ModelRun.Prepare(third.File, cache, limit: (2 * size) + (size / 2)).Dispose();
        Assert.Equal(2, cache.List().Count);
        Assert.True(Directory.Exists(firstEntry));
        Assert.False(Directory.Exists(secondEntry));
        ModelRun.Prepare(second.File, cache, limit: 1).Dispose();
        Assert.Equal(Path.GetFileName(secondEntry), Assert.Single(cache.List()).Key);
    }

    /// <summary>Of several at once one writes the entry; none takes it away from another that has found it.</summary>
    [Fact]
    public void Prepare_SeveralAtOnce_EndWithOneGoodEntry()
    {
        using CacheModel model = new();
        for (int i = 0; i < 10; i++)
        {
            Parallel.For(0, 6, new ParallelOptions { MaxDegreeOfParallelism = 6 }, _ =>
            {
                using KernelGraph graph = ModelRun.Prepare(model.File, model.Cache);
                Assert.Null(graph.Note);
                Thread.Sleep(1);
                using Microsoft.ML.OnnxRuntime.SessionOptions options = ModelRun.Options();
                using Microsoft.ML.OnnxRuntime.InferenceSession session = graph.Open(options);
            });
            CachedModel entry = Assert.Single(model.Cache.List());
            Assert.Null(model.Cache.Verify(entry, cancellationToken: TestContext.Current.CancellationToken));
            model.IsClean();
            Assert.Equal(entry.Bytes, model.Cache.Clear());
        }
    }

    [Fact]
    public void Prepare_AbandonedEntry_RemovesItAfterADay()
    {
        using CacheModel model = new();
        string old = Directory.CreateDirectory(Path.Combine(model.Cache.Folder, ".unfinished-1")).FullName;
        string young = Directory.CreateDirectory(Path.Combine(model.Cache.Folder, ".unfinished-2")).FullName;
        Directory.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-2));
        model.Use();
        Assert.False(Directory.Exists(old));
        Assert.True(Directory.Exists(young));
        Assert.Single(model.Cache.List());
        model.Cache.Clear();
        Assert.Empty(Directory.EnumerateFileSystemEntries(model.Cache.Folder));
    }

    [Fact]
    public void List_AbsentFolder_IsEmpty()
    {
        using Onnx.Llama.Testing.TemporaryFolder folder = new();
        KernelCache cache = new(folder["absent"]);
        Assert.Empty(cache.List());
        Assert.Equal(0, cache.Clear());
        Assert.NotNull(cache.Verify(new CachedModel("absent", null, 0, default), cancellationToken: TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(cache.Folder));
    }

    private static void Change(CacheModel model, string name, JsonNode value)
    {
        JsonObject entry = JsonNode.Parse(File.ReadAllText(model["entry.json"]))!.AsObject();
        entry[name] = value;
        File.WriteAllText(model["entry.json"], entry.ToJsonString());
    }

    private static void Damage(string path, string damage)
    {
        byte[] bytes = File.ReadAllBytes(path);
        switch (damage)
        {
            case "cut":
                File.WriteAllBytes(path, bytes[..^1]);
                break;
            case "longer":
                File.WriteAllBytes(path, [.. bytes, 0]);
                break;
            case "flip":
                bytes[bytes.Length / 2] ^= 4;
                File.WriteAllBytes(path, bytes);
                break;
            default:
                File.Delete(path);
                if (damage == "folder") Directory.CreateDirectory(path);
                break;
        }
    }
}
