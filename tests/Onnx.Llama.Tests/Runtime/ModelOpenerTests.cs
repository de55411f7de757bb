using Onnx.Llama.Manifest;
using Onnx.Llama.Testing;
using Onnx.Llama.Tests.Decoding;

namespace Onnx.Llama.Tests.Runtime;

/// <summary>Folders that cannot be opened, and what is said of each.</summary>
public sealed class ModelOpenerTests : IDisposable
{
    private readonly TinyModel _model = new();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Open_NoFolder_NamesIt() => AssertRefused(Path.Combine(_model.Folder, "nowhere"), "is not there");

    [Fact]
    public void Open_EmptyFolder_NamesTheFileThatIsMissing()
    {
        using TemporaryFolder folder = new();
        ManifestException fault = Assert.Throws<ManifestException>(() => LanguageModel.Open(folder.Path, Decoders.Options));
        Assert.EndsWith(GenAiConfig.FileName, fault.File, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_GraphMissing_NamesIt()
    {
        File.Delete(Path.Combine(_model.Folder, "model.onnx"));
        AssertRefused(_model.Folder, "model.onnx: is missing");
    }

    [Fact]
    public void Open_GraphCutOff_NamesIt()
    {
        string file = Path.Combine(_model.Folder, "model.onnx");
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..5000]);
        AssertRefused(_model.Folder, "model.onnx: ONNX Runtime cannot open it");
    }

    [Theory]
    [InlineData("../model.onnx")]
    [InlineData("sub/model.onnx")]
    [InlineData("..\\model.onnx")]
    [InlineData("C:model.onnx")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("")]
    public void Open_GraphOutsideTheFolder_IsRefused(string name)
    {
        Change(model => model with { Decoder = model.Decoder with { Filename = name } });
        AssertRefused(_model.Folder, $"the graph's file is '{name}'");
    }

    [Fact]
    public void Open_InputThatTheGraphLacks_NamesItAndTheKnown()
    {
        Change(model => model with { Decoder = model.Decoder with { Inputs = new GenAiInputs { InputIds = "tokens" } } });
        AssertRefused(_model.Folder, "the graph has no input 'tokens'", "input_ids");
    }

    [Fact]
    public void Open_FewerLayersThanTheGraph_NamesTheInputLeftOver()
    {
        Change(model => model with { Decoder = model.Decoder with { NumHiddenLayers = 1 } });
        AssertRefused(_model.Folder, "the graph needs an input 'past_key_values.1.key'");
    }

    [Fact]
    public void Open_ContextOfNothing_IsRefused()
    {
        Change(model => model with { ContextLength = 0 });
        AssertRefused(_model.Folder, "model.context_length is 0");
    }

    [Fact]
    public void Open_CudaAskedFor_SaysWhatIsMissing()
    {
        ModelException fault = Assert.Throws<ModelException>(() => LanguageModel.Open(_model.Folder, Decoders.Options with { Provider = Provider.Cuda }));
        Assert.Contains("Cuda: " + _model.Folder + " has no variant for it", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"do_sample": true, "temperature": 0.6, "top_p": 0.9}""", 0.6f, 50, 0.9f)]
    [InlineData("""{"do_sample": true, "top_k": 0, "unknown": [1]}""", 1f, 0, 1f)]
    [InlineData("""{"temperature": 0.6}""", 0f, 0, 1f)]
    public void Open_GenerationConfig_SetsTheDefaultSampling(string json, float temperature, int topK, float topP)
    {
        File.WriteAllText(Path.Combine(_model.Folder, "generation_config.json"), json);
        using LanguageModel model = LanguageModel.Open(_model.Folder, Decoders.Options);
        Assert.Equal((temperature, topK, topP), (model.DefaultSampling.Temperature, model.DefaultSampling.TopK, model.DefaultSampling.TopP));
    }

    [Theory]
    [InlineData("""{"do_sample": true, "temperature": -1}""", "Temperature is -1")]
    [InlineData("""{"do_sample": true, "top_p": 7}""", "TopP is 7")]
    [InlineData("""{"do_sample": 5}""", "cannot be read")]
    [InlineData("no json", "cannot be read")]
    public void Open_GenerationConfigBroken_NamesIt(string json, string part)
    {
        File.WriteAllText(Path.Combine(_model.Folder, "generation_config.json"), json);
        AssertRefused(_model.Folder, "generation_config.json: " + part);
    }

    private void Change(Func<GenAiModel, GenAiModel> change) => File.WriteAllBytes(
        Path.Combine(_model.Folder, GenAiConfig.FileName), (TinyModel.Config with { Model = change(TinyModel.Config.Model) }).ToUtf8());

    private static void AssertRefused(string folder, params string[] parts)
    {
        ModelException fault = Assert.Throws<ModelException>(() => LanguageModel.Open(folder, Decoders.Options));
        foreach (string part in parts) Assert.Contains(part, fault.Message, StringComparison.Ordinal);
    }
}
