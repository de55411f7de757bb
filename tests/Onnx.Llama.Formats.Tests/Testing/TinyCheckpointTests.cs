using Onnx.Llama.Testing;

namespace Onnx.Llama.Formats.Tests.Testing;

public sealed class TinyCheckpointTests
{
    private static readonly int[] s_ids = [1, 45, 3, 200, 7, 319, 12, 88, 90, 17, 256, 64];

    [Fact]
    public void Write_TheSameSeed_IsTheSameByteByByte()
    {
        using TemporaryFolder folder = new();
        Dictionary<string, byte[]> first = WriteAndRead(folder["a"], 7), second = WriteAndRead(folder["b"], 7), other = WriteAndRead(folder["c"], 8);

        Assert.Equal(["config.json", "model.safetensors"], first.Keys.Order());
        Assert.Equal(first, second);
        Assert.Equal(first["config.json"], other["config.json"]);
        Assert.NotEqual(first["model.safetensors"], other["model.safetensors"]);
    }

    [Theory]
    [InlineData(StoredFloat.F16)]
    [InlineData(StoredFloat.F32)]
    public void Write_AnotherDType_HoldsTheSameValues(StoredFloat dtype)
    {
        using TemporaryFolder folder = new();
        TinyCheckpoint.Write(folder["bf16"], TinyCheckpoint.Default);
        TinyCheckpoint.Write(folder["other"], TinyCheckpoint.Default, new CheckpointOptions { DType = dtype });
        Dictionary<string, ReferenceTensor> expected = ReferenceTensors.ReadFolder(folder["bf16"]), actual = ReferenceTensors.ReadFolder(folder["other"]);

        Assert.Equal(expected.Keys, actual.Keys);
        Assert.All(actual, pair => Assert.Equal(dtype.ToString(), pair.Value.DType));
        Assert.All(actual, pair => Assert.Equal(expected[pair.Key].Floats(), pair.Value.Floats()));
    }

    [Fact]
    public void Write_Shards_HoldTheSameTensors()
    {
        using TemporaryFolder folder = new();
        TinyCheckpoint.Write(folder["one"], TinyCheckpoint.Default);
        TinyCheckpoint.Write(folder["three"], TinyCheckpoint.Default, new CheckpointOptions { Shards = 3 });
        Dictionary<string, ReferenceTensor> expected = ReferenceTensors.ReadFolder(folder["one"]), actual = ReferenceTensors.ReadFolder(folder["three"]);

        Assert.Equal(3, Directory.GetFiles(folder["three"], "*.safetensors").Length);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        Assert.All(actual, pair => Assert.Equal(expected[pair.Key].Bytes, pair.Value.Bytes));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Write_AnyHead_GivesLogitsOfAFewUnits(bool tied)
    {
        using TemporaryFolder folder = new();
        ReferenceConfig config = TinyCheckpoint.Default with { TiedHead = tied, AttentionBias = true, MlpBias = true };
        float[] logits = ReferenceLlama.Load(TinyCheckpoint.Write(folder.Path, config)).Forward(s_ids).Logits;
        Assert.InRange(Math.Sqrt(logits.Average(logit => logit * logit)), 1.5, 6);
    }

    /// <summary>A tensor that nothing depends on would hide a mistake in its conversion.</summary>
    [Fact]
    public void Write_EveryTensor_ShowsInTheLogits()
    {
        using TemporaryFolder folder = new();
        ReferenceConfig config = TinyCheckpoint.Default with { AttentionBias = true, MlpBias = true };
        TinyCheckpoint.Write(folder.Path, config);
        Dictionary<string, float[]> weights = ReferenceTensors.ReadFolder(folder.Path).ToDictionary(pair => pair.Key, pair => pair.Value.Floats());
        float[] expected = new ReferenceLlama(config, weights).Forward(s_ids, 1).Logits;
        foreach (string name in weights.Keys)
        {
            Dictionary<string, float[]> reversed = new(weights) { [name] = [.. weights[name].Reverse()] };
            float[] actual = new ReferenceLlama(config, reversed).Forward(s_ids, 1).Logits;
            double greatest = expected.Zip(actual, static (a, b) => Math.Abs(a - b)).Max();
            Assert.True(greatest > 0.01, $"{name} changes the logits by {greatest} only");
        }
    }

    [Fact]
    public void Write_ATokenizer_IsCopied()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["mine.json"], "{}");
        TinyCheckpoint.Write(folder["out"], TinyCheckpoint.Default, new CheckpointOptions { TokenizerPath = folder["mine.json"] });
        Assert.Equal("{}", File.ReadAllText(folder["out/tokenizer.json"]));
    }

    private static Dictionary<string, byte[]> WriteAndRead(string folder, ulong seed)
    {
        TinyCheckpoint.Write(folder, TinyCheckpoint.Default, new CheckpointOptions { Seed = seed });
        return Directory.GetFiles(folder).ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);
    }
}
