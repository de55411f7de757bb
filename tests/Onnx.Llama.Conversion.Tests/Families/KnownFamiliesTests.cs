using System.Text;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Families;

namespace Onnx.Llama.Conversion.Tests.Families;

public sealed class KnownFamiliesTests
{
    [Fact]
    public void Of_EveryFamily_IsFoundByItsModelType()
    {
        foreach (ModelFamily family in KnownFamilies.All) Assert.Same(family, KnownFamilies.Of(Config(family.ModelType)));
    }

    [Theory]
    [InlineData("lama")]
    [InlineData("Llama")]
    [InlineData("llama4")]
    [InlineData("mllama_text_model")]
    public void Of_NearName_OffersIt(string modelType)
    {
        string message = Assert.Throws<CheckpointException>(() => KnownFamilies.Of(Config(modelType))).Message;

        Assert.Contains($"'model_type' is \"{modelType}\"", message, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'llama'?", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_FarName_ListsTheKnownAndOffersNone()
    {
        string message = Assert.Throws<CheckpointException>(() => KnownFamilies.Of(Config("whisper"))).Message;

        Assert.Contains("expected one of llama", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Did you mean", message, StringComparison.Ordinal);
    }

    private static HfConfig Config(string modelType) => HfConfig.Parse(Encoding.UTF8.GetBytes($$"""{"model_type": "{{modelType}}"}"""), "config.json");
}
