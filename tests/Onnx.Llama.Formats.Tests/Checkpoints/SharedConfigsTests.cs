using Onnx.Llama.Checkpoints;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Formats.Tests.Checkpoints;

/// <summary>config.json and generation_config.json of real checkpoints.</summary>
public sealed class SharedConfigsTests
{
    // Kinds of scaling of families that a converter of Llama-like decoders does not take.
    private static readonly string[] s_foreignKinds = ["mrope", "proportional"];

    [Theory]
    [InlineData("goldens/configs", 111)]
    [InlineData("goldens/models", 50)]
    [InlineData("goldens/formats", 12)]
    [InlineData("models", 10)]
    public void Load_EveryConfig_ReadsIt(string folder, int least)
    {
        // Pooling's config.json is another format.
        string[] files = [.. Directory.GetFiles(SharedFolder.Require(folder), "config.json", SearchOption.AllDirectories)
            .Where(file => !file.Contains("1_Pooling", StringComparison.Ordinal))];
        Assert.True(files.Length >= least, $"{files.Length} files in {folder}; expected at least {least}");
        foreach (string file in files)
        {
            HfConfig config = HfConfig.Load(Path.GetDirectoryName(file)!);
            Assert.NotEmpty(config.ModelType);
            _ = config.EndIds(GenerationDefaults.Load(Path.GetDirectoryName(file)!));
            _ = config.StoredDType;
            foreach (string layerType in (string[])["full_attention", "sliding_attention"]) ReadRope(config, layerType);
        }
    }

    [Fact]
    public void Rope_BothSpellingsOfEachModel_AreEqual()
    {
        string[] folders = Directory.GetDirectories(SharedFolder.Require("goldens/models"));
        int pairs = 0;
        foreach (string folder in folders.Where(folder => File.Exists(Path.Combine(folder, "config.v5.json"))))
        {
            HfConfig old = HfConfig.Load(folder);
            HfConfig now = HfConfig.Parse(File.ReadAllBytes(Path.Combine(folder, "config.v5.json")), "config.v5.json");
            Assert.Equal(old.StoredDType, now.StoredDType);
            Assert.Equal(old.EndIds(null), now.EndIds(null));
            foreach (string layerType in (string[])["full_attention", "sliding_attention"])
            {
                int positions = old.Size("max_position_embeddings");
                Assert.Equal(old.Rope(positions, layerType: layerType), now.Rope(now.Size("max_position_embeddings"), layerType: layerType));
            }

            pairs++;
        }

        Assert.True(pairs >= 50, $"{pairs} pairs; expected at least 50");
    }

    private static void ReadRope(HfConfig config, string layerType)
    {
        try
        {
            _ = config.Rope(config.OptionalSize("max_position_embeddings") ?? 2048, layerType: layerType);
        }
        catch (CheckpointException e) when (s_foreignKinds.Any(kind => e.Message.Contains($"\"{kind}\"", StringComparison.Ordinal)))
        {
            Assert.Contains("expected default, linear, dynamic, yarn, llama3 or longrope", e.Message, StringComparison.Ordinal);
        }
    }
}
