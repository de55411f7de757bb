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
        ManifestException fault = Assert.Throws<ManifestException>(
            () => LanguageModel.Open(folder.Path, Decoders.Options, TestContext.Current.CancellationToken));
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

    [Theory]
    [InlineData(32, 3, "model.decoder.sliding_window.layers has 3; expected 0 to 2")]
    [InlineData(32, -1, "model.decoder.sliding_window.layers has -1")]
    [InlineData(0, 1, "model.decoder.sliding_window.window_size is 0")]
    [InlineData(int.MaxValue, 1, "model.decoder.sliding_window.window_size is 2147483647")]
    public void Open_WindowThatCannotBe_NamesIt(int window, int layer, string part)
    {
        Change(model => model with { Decoder = model.Decoder with { SlidingWindow = new GenAiSlidingWindow(window, [0, layer]) } });
        AssertRefused(_model.Folder, GenAiConfig.FileName, part);
    }

    [Fact]
    public void Open_WindowInTheManifest_GoesBeforeGenAis()
    {
        using TinyModel model = new(window: 12);
        Save(model, new LayerCache(LayerCacheKind.Window, 12), new LayerCache(LayerCacheKind.Full), new LayerCache(LayerCacheKind.Full));
        using LanguageModel opened = LanguageModel.Open(model.Folder, Decoders.Options, TestContext.Current.CancellationToken);
        Assert.Equal([12, null, null], opened.Decoder.Layout.Layers.Select(layer => layer.Window));
    }

    /// <summary>As the folder of a model has whose variant for another provider keeps windows.</summary>
    [Fact]
    public void Open_WindowOfAGraphThatKeepsEverything_KeepsEverything()
    {
        Save(_model, new LayerCache(LayerCacheKind.Window, 12), new LayerCache(LayerCacheKind.Full), new LayerCache(LayerCacheKind.Full));
        using LanguageModel opened = LanguageModel.Open(_model.Folder, Decoders.Options, TestContext.Current.CancellationToken);
        Assert.All(opened.Decoder.Layout.Layers, layer => Assert.Null(layer.Window));
    }

    [Fact]
    public void Open_ManifestOfOtherLayers_GivesBothNumbers()
    {
        Save(_model, new LayerCache(LayerCacheKind.Full));
        AssertRefused(_model.Folder, ModelManifest.FileName, "layers has 1 entries; expected 3");
        Save(_model, new LayerCache(LayerCacheKind.Full), new LayerCache(LayerCacheKind.Window), new LayerCache(LayerCacheKind.Full));
        AssertRefused(_model.Folder, ModelManifest.FileName, "layers[1].window is not there");
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
        ModelException fault = Assert.Throws<ModelException>(
            () => LanguageModel.Open(_model.Folder, Decoders.Options with { Provider = Provider.Cuda }, TestContext.Current.CancellationToken));
        Assert.Contains("Cuda: " + _model.Folder + " has no variant for it", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"do_sample": true, "temperature": 0.6, "top_p": 0.9}""", 0.6f, 50, 0.9f)]
    [InlineData("""{"do_sample": true, "top_k": 0, "unknown": [1]}""", 1f, 0, 1f)]
    [InlineData("""{"temperature": 0.6}""", 0f, 0, 1f)]
    public void Open_GenerationConfig_SetsTheDefaultSampling(string json, float temperature, int topK, float topP)
    {
        File.WriteAllText(Path.Combine(_model.Folder, "generation_config.json"), json);
        using LanguageModel model = LanguageModel.Open(_model.Folder, Decoders.Options, TestContext.Current.CancellationToken);
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

    private static void Save(TinyModel model, params LayerCache[] layers) => File.WriteAllBytes(
        Path.Combine(model.Folder, ModelManifest.FileName),
        new ModelManifest
        {
            SchemaVersion = ModelManifest.CurrentSchemaVersion,
            Task = ModelTask.Text,
            ModelType = "llama",
            Variants = [new ModelVariant("model.onnx", "cpu", "fp32", "1.20.0")],
            Layers = layers,
            EndIds = [2],
            Source = new ModelSource([]),
            Options = new ConversionRecord("fp32"),
            ToolVersion = "0.1.0",
            Files = [],
        }.ToUtf8());

    private void Change(Func<GenAiModel, GenAiModel> change) => File.WriteAllBytes(
        Path.Combine(_model.Folder, GenAiConfig.FileName), (_model.Config with { Model = change(_model.Config.Model) }).ToUtf8());

    private static void AssertRefused(string folder, params string[] parts)
    {
        ModelException fault = Assert.Throws<ModelException>(() => LanguageModel.Open(folder, Decoders.Options));
        foreach (string part in parts) Assert.Contains(part, fault.Message, StringComparison.Ordinal);
    }
}
