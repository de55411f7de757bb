using Onnx.Llama.Checkpoints;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Formats.Tests.Checkpoints;

public sealed class CheckpointTests : IDisposable
{
    private const string Index = "model.safetensors.index.json";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_SingleFile_OrdersTensorsByName()
    {
        Shard("model.safetensors", ("b", 2), ("B", 3), ("a.10", 1), ("a.9", 1));
        using Checkpoint checkpoint = Checkpoint.Open(_folder.Path);
        Assert.Equal(["B", "a.10", "a.9", "b"], checkpoint.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([new CheckpointFile(_folder["model.safetensors"], new FileInfo(_folder["model.safetensors"]).Length)], checkpoint.Files);
        Assert.Equal(_folder.Path, checkpoint.Folder);
        Assert.Equal(3, checkpoint["B"].ByteLength);
        Assert.True(checkpoint.TryGet("b", out _));
        Assert.False(checkpoint.TryGet("c", out TensorInfo? absent));
        Assert.Null(absent);
    }

    [Fact]
    public void Open_Shards_ReadsEachTensorFromItsFile()
    {
        Shard("s/2.safetensors", ("b", 2));
        Shard("1.safetensors", ("a", 3), ("c", 0));
        WriteIndex("""{"metadata":{"total_size":5},"weight_map":{"c":"1.safetensors","b":"s/2.safetensors","a":"1.safetensors"}}""");
        using Checkpoint checkpoint = Checkpoint.Open(_folder.Path);
        Assert.Equal(["a", "b", "c"], checkpoint.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([Index, "1.safetensors", "2.safetensors"], checkpoint.Files.Select(file => Path.GetFileName(file.Path)));
        byte[] bytes = new byte[2];
        checkpoint.Read(checkpoint["b"], 0, bytes);
        Assert.Equal("bb"u8, bytes);
        checkpoint.Read(checkpoint["a"], 1, bytes);
        Assert.Equal("aa"u8, bytes);
    }

    [Fact]
    public void Open_IndexAndSingleFile_TakesTheIndex()
    {
        Shard("1.safetensors", ("a", 1));
        Shard("model.safetensors", ("old", 1));
        WriteIndex("""{"weight_map":{"a":"1.safetensors"}}""");
        using Checkpoint checkpoint = Checkpoint.Open(_folder.Path);
        Assert.Equal("a", Assert.Single(checkpoint.Tensors).Name);
    }

    [Fact]
    public void OpenFile_AnyName_IsACheckpoint()
    {
        Shard("adapter_model.safetensors", ("a", 1));
        using Checkpoint checkpoint = Checkpoint.OpenFile(_folder["adapter_model.safetensors"]);
        Assert.Equal(_folder.Path, checkpoint.Folder);
        Assert.Equal("a", Assert.Single(checkpoint.Tensors).Name);
    }

    [Fact]
    public void Indexer_NameMissing_OffersNearNames()
    {
        Shard("model.safetensors", ("model.layers.0.self_attn.q_proj.weight", 1), ("model.layers.0.self_attn.k_proj.weight", 1), ("lm_head.weight", 1));
        using Checkpoint checkpoint = Checkpoint.Open(_folder.Path);
        CheckpointException error = Assert.Throws<CheckpointException>(() => checkpoint["model.layers.0.attn.q_proj.weight"]);
        Assert.Equal("model.safetensors: tensor 'model.layers.0.attn.q_proj.weight' is not among the checkpoint's 3. "
            + "Near names: model.layers.0.self_attn.q_proj.weight, model.layers.0.self_attn.k_proj.weight.", error.Message);
        Assert.Equal("model.layers.0.attn.q_proj.weight", error.Key);
        Assert.Equal("model.safetensors: tensor 'x' is not among the checkpoint's 3.", Assert.Throws<CheckpointException>(() => checkpoint["x"]).Message);
    }

    [Fact]
    public void Read_TensorOfAnotherCheckpoint_IsRefused()
    {
        Shard("model.safetensors", ("a", 1));
        using Checkpoint checkpoint = Checkpoint.Open(_folder.Path);
        Assert.Throws<ArgumentException>(() => checkpoint.Read(checkpoint["a"] with { File = "other.safetensors" }, 0, new byte[1]));
    }

    [Fact]
    public void Open_NoFolder_SaysSo() => AssertFolderRefused(_folder["none"], "there is no such folder; expected a checkpoint's.");

    [Fact]
    public void Open_FileInsteadOfFolder_SaysSo() => AssertFolderRefused(_folder.Write("model.gguf", "GGUF"), "is a file; expected a checkpoint's folder.");

    [Fact]
    public void Open_EmptyFolder_SaysSo() => AssertFolderRefused(_folder.Path, "has neither model.safetensors nor model.safetensors.index.json; it is empty.");

    [Fact]
    public void Open_OtherFiles_ListsThem()
    {
        foreach (int i in Enumerable.Range(10, 14)) _folder.Write($"{i}.txt", "");
        AssertFolderRefused(_folder.Path, "has neither model.safetensors nor model.safetensors.index.json; "
            + "it has 10.txt, 11.txt, 12.txt, 13.txt, 14.txt, 15.txt, 16.txt, 17.txt, 18.txt, 19.txt, 20.txt, 21.txt and 2 more.");
    }

    [Fact]
    public void Open_PickleOnly_SaysWhyAndWhatToDo()
    {
        _folder.Write("config.json", "{}");
        _folder.Write("pytorch_model.bin", "");
        AssertFolderRefused(_folder.Path, "has neither model.safetensors nor model.safetensors.index.json; it has config.json, pytorch_model.bin. "
            + "Pickle files can run code and are never read: download the safetensors version, "
            + "or save the model again with save_pretrained(folder, safe_serialization=True).");
    }

    [Fact]
    public void Open_SingleFileIsAFolder_SaysSo()
    {
        Directory.CreateDirectory(_folder["model.safetensors"]);
        AssertRefused("model.safetensors", null, "is a folder; expected a file.");
    }

    [Fact]
    public void Open_TensorInTwoShards_NamesBoth()
    {
        Shard("1.safetensors", ("a", 1));
        Shard("2.safetensors", ("a", 1), ("b", 1));
        WriteIndex("""{"weight_map":{"a":"1.safetensors","b":"2.safetensors"}}""");
        AssertRefused("2.safetensors", "a", "tensor 'a' is also in 1.safetensors; expected it in one shard.");
    }

    [Fact]
    public void Open_ShardMissing_NamesIt()
    {
        WriteIndex("""{"weight_map":{"a":"1.safetensors"}}""");
        AssertRefused(Index, "1.safetensors", "names the shard '1.safetensors', which is not in the folder. Download it.");
    }

    [Fact]
    public void Open_ShardIsAFolder_SaysSo()
    {
        Directory.CreateDirectory(_folder["1.safetensors"]);
        WriteIndex("""{"weight_map":{"a":"1.safetensors"}}""");
        AssertRefused("1.safetensors", null, "is a folder; expected a file.");
    }

    [Fact]
    public void Open_IndexEntryInNoShard_NamesTensorAndShard()
    {
        Shard("1.safetensors", ("a", 1));
        WriteIndex("""{"weight_map":{"a":"1.safetensors","b":"1.safetensors"}}""");
        AssertRefused(Index, "b", "says that tensor 'b' is in 1.safetensors; it is in no shard. "
            + "Index and shards are of different versions: download both again.");
    }

    [Fact]
    public void Open_IndexEntryInAnotherShard_NamesBoth()
    {
        Shard("1.safetensors", ("a", 1));
        Shard("2.safetensors", ("b", 1));
        WriteIndex("""{"weight_map":{"a":"2.safetensors","b":"1.safetensors"}}""");
        AssertRefused(Index, "a", "says that tensor 'a' is in 2.safetensors; it is in 1.safetensors. "
            + "Index and shards are of different versions: download both again.");
    }

    [Fact]
    public void Open_TensorNotInTheIndex_NamesIt()
    {
        Shard("1.safetensors", ("a", 1), ("b", 1));
        WriteIndex("""{"weight_map":{"a":"1.safetensors"}}""");
        AssertRefused(Index, "b", "does not list tensor 'b', which is in 1.safetensors. Index and shards are of different versions: download both again.");
    }

    [Theory]
    [InlineData("../1.safetensors")]
    [InlineData("..")]
    [InlineData("s/../../1.safetensors")]
    [InlineData("./1.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("s//1.safetensors")]
    [InlineData("")]
    [InlineData("s\\\\1.safetensors", "s\\1.safetensors")]
    [InlineData("C:1.safetensors")]
    [InlineData("1.safetensors\\u0000", "1.safetensors\\u0000")]
    public void Open_ShardOutsideTheFolder_IsRefused(string name, string? shown = null)
    {
        WriteIndex($$$"""{"weight_map":{"a":"{{{name}}}"}}""");
        AssertRefused(
            Index, "a", $"the shard of tensor 'a' is \"{shown ?? name}\"; expected a path within the checkpoint's folder, with '/' between its parts.");
    }

    [Theory]
    [InlineData("null", "null")]
    [InlineData("1", "1")]
    [InlineData("[\"1.safetensors\"]", "a list of 1")]
    public void Open_ShardNotAString_ShowsIt(string value, string shown)
    {
        WriteIndex($$$"""{"weight_map":{"a":{{{value}}}}}""");
        AssertRefused(Index, "a", $"the shard of tensor 'a' is {shown}; expected the name of a shard.");
    }

    [Fact]
    public void Open_IndexWithoutMap_SaysSo()
    {
        WriteIndex("""{"metadata":{}}""");
        AssertRefused(Index, "weight_map", "has no 'weight_map'; expected an object of tensor names and shards.");
    }

    [Theory]
    [InlineData("null", "null")]
    [InlineData("[]", "a list of 0")]
    [InlineData("\"a\"", "\"a\"")]
    public void Open_MapNotAnObject_ShowsIt(string value, string shown)
    {
        WriteIndex($$"""{"weight_map":{{value}}}""");
        AssertRefused(Index, "weight_map", $"'weight_map' is {shown}; expected an object of tensor names and shards.");
    }

    [Fact]
    public void Open_MapEntryTwice_NamesIt()
    {
        WriteIndex("""{"weight_map":{"a":"1.safetensors","a":"2.safetensors"}}""");
        AssertRefused(Index, "weight_map.a", "'weight_map.a' appears twice; expected each key once.");
    }

    [Fact]
    public void Open_IndexOfNoTensors_SaysSo()
    {
        WriteIndex("""{"weight_map":{}}""");
        AssertRefused(Index, "weight_map", "'weight_map' is empty; expected at least one tensor.");
    }

    [Fact]
    public void Open_IndexEmpty_SaysSo()
    {
        WriteIndex("");
        AssertRefused(Index, null, "is empty; expected JSON. Download it again.");
    }

    [Fact]
    public void Open_IndexNotJson_SaysSo()
    {
        WriteIndex("<html>");
        Assert.StartsWith($"{Index}: is not JSON: ", Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_BadShard_ClosesTheOthers()
    {
        Shard("1.safetensors", ("a", 1));
        _folder.Write("2.safetensors", "short");
        WriteIndex("""{"weight_map":{"a":"1.safetensors","b":"2.safetensors"}}""");
        AssertRefused("2.safetensors", null, "is 5 bytes; a safetensors file has at least 8. Download it again.");

        // A file that is open for reading cannot be opened for one's own use alone.
        File.Open(_folder["1.safetensors"], FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
    }

    private void Shard(string name, params (string Name, int Length)[] tensors)
    {
        SafetensorsWriter writer = new();
        foreach ((string tensor, int length) in tensors) writer.Add(tensor, DType.U8, [length], [.. Enumerable.Repeat((byte)tensor[0], length)]);
        _folder.Write(name, writer.ToBytes());
    }

    private void WriteIndex(string json) => _folder.Write(Index, json);

    private void AssertRefused(string file, string? key, string problem)
    {
        CheckpointException error = Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path));
        Assert.Equal($"{file}: {problem}", error.Message);
        Assert.Equal((_folder[file], key), (error.File, error.Key));
    }

    private static void AssertFolderRefused(string folder, string problem)
    {
        CheckpointException error = Assert.Throws<CheckpointException>(() => Checkpoint.Open(folder));
        Assert.Equal($"{folder}: {problem}", error.Message);
        Assert.Equal((folder, null), (error.File, error.Key));
    }
}
