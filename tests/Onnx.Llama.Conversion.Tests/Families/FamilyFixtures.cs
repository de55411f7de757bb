using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Families;

/// <summary>A tiny config of each family, in tests/Expectations/families, and seeded checkpoints of them. They need nothing beside the checkout.</summary>
public static class FamilyFixtures
{
    private static readonly string s_folder = Path.Combine(SharedFolder.Repository, "tests", "Expectations", "families");

    /// <summary>Every family by its model_type.</summary>
    public static TheoryData<string> Names => [.. KnownFamilies.All.Select(family => family.ModelType)];

    /// <summary>Writes a checkpoint of random weights with the family's config.</summary>
    public static string Write(string name, string folder)
    {
        string json = File.ReadAllText(Path.Combine(s_folder, $"{name}.config.json"));
        HfConfig config = HfConfig.Parse(System.Text.Encoding.UTF8.GetBytes(json), "config.json");
        return TinyCheckpoint.Write(folder, json, RequiredWeights.Of(config), new CheckpointOptions { Seed = 7 });
    }
}
