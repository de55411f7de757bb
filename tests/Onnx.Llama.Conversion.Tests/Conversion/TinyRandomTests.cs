using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Conversion;

/// <summary>Small checkpoints in layouts that others publish, made by others: what is Llama converts, what is not is refused by name.</summary>
public sealed class TinyRandomTests
{
    [Fact]
    public void Write_Llama3_GivesTheLogitsOfTheReference()
    {
        string source = SharedFolder.Require("models/tiny-random-hf/tiny_llama3");
        using TemporaryFolder folder = new();
        int[] ids = [.. Enumerable.Range(0, 24).Select(i => (i * 31 + 3) % 256)];

        float[] found = Logits.Of(Converted.Write(source, folder["model"], PrecisionRecipe.Fp32), ids);

        Assert.InRange(Logits.GreatestDifferenceInStd(ReferenceLlama.Load(source).Forward(ids).Logits, found), 0, 1e-4);
    }

    [Theory]
    [InlineData("tiny_gemma3")]
    [InlineData("tiny_mistral")]
    [InlineData("tiny_qwen3")]
    public void Write_KnownFamily_GivesFiniteLogits(string name)
    {
        string source = SharedFolder.Require($"models/tiny-random-hf/{name}");
        using TemporaryFolder folder = new();
        int[] ids = [.. Enumerable.Range(0, 24).Select(i => (i * 31 + 3) % 256)];

        float[] found = Logits.Of(Converted.Write(source, folder["model"], PrecisionRecipe.Fp32), ids);

        Assert.All(found, logit => Assert.True(float.IsFinite(logit)));
        Assert.NotEqual(found.Min(), found.Max());
    }

    [Theory]
    [InlineData("tiny_llama3_tied")]
    [InlineData("tiny_mistral_tied")]
    [InlineData("tiny_qwen3_sharded")]
    [InlineData("tiny_qwen3_tied")]
    public void Create_QuantisedByMlx_IsRefusedByName(string name) => AssertRefused(name, "'quantization'", "MLX");

    [Theory]
    [InlineData("tiny_gemma4", "gemma4")]
    [InlineData("tiny_qwen3_5", "qwen3_5")]
    public void Create_FamilyToCome_IsRefusedByName(string name, string modelType) =>
        AssertRefused(name, $"'model_type' is \"{modelType}\"", "This family is not supported yet.");

    private static void AssertRefused(string name, params string[] expected)
    {
        string source = SharedFolder.Require($"models/tiny-random-hf/{name}");

        string message = Assert.Throws<CheckpointException>(() => ConversionPlan.Create(source, new ConversionOptions())).Message;

        Assert.StartsWith("config.json: ", message, StringComparison.Ordinal);
        foreach (string part in expected) Assert.Contains(part, message, StringComparison.OrdinalIgnoreCase);
    }
}
