using System.Text.Json.Nodes;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Heads;
using Onnx.Llama.Manifest;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Heads;

/// <summary>What a checkpoint is for, and what of it cannot be.</summary>
public sealed class HeadReaderTests : IDisposable
{
    private static readonly ReferenceConfig s_config = TinyCheckpoint.Default with { Layers = 1 };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, Pooling.Last)]
    [InlineData(false, Pooling.Mean)]
    public void Of_Modules_SaysThePooling(bool isLast, Pooling pooling) =>
        Assert.Equal(new ModelHead.Embed(pooling, Normalized: true), Head(TinyHead.Embedder(_folder["source"], s_config, isLast)));

    [Fact]
    public void Of_NoModules_TakesThePoolingAskedFor()
    {
        TinyHead source = TinyHead.Embedder(_folder["source"], s_config, isLast: true);
        File.Delete(Path.Combine(source.Folder, "modules.json"));

        Assert.Equal(new ModelHead.Embed(Pooling.Mean, Normalized: true), Head(source, Pooling.Mean));
        AssertRefused(source, "config.json", "For a model of sentence vectors say --pooling mean or --pooling last");
    }

    [Fact]
    public void Of_PoolingThatContradicts_IsRefused()
    {
        TinyHead embedder = TinyHead.Embedder(_folder["embedder"], s_config, isLast: true);
        TinyHead classifier = TinyHead.Classifier(_folder["classifier"], s_config, labels: 2);

        Assert.Equal(new ModelHead.Embed(Pooling.Last, Normalized: true), Head(embedder, Pooling.Last));
        Assert.Contains("--pooling: is Mean, but", Assert.Throws<ConversionException>(() => Head(embedder, Pooling.Mean)).Message, StringComparison.Ordinal);
        Assert.Contains("given for a classifier", Assert.Throws<ConversionException>(() => Head(classifier, Pooling.Mean)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"path": "", "type": "m.Transformer"}, {"path": "1_Pooling", "type": "m.Pooling"}, {"path": "2_Dense", "type": "m.Dense"}]""", "is Transformer, Pooling, Dense")]
    [InlineData("""[{"path": "", "type": "m.Transformer"}]""", "is Transformer;")]
    [InlineData("""[{"path": "", "type": "m.Transformer"}, {"path": "../1_Pooling", "type": "m.Pooling"}]""", "has the path '../1_Pooling'")]
    [InlineData("""[{"path": "", "type": "m.Transformer"}, {"path": "/etc", "type": "m.Pooling"}]""", "has the path '/etc'")]
    [InlineData("""[{"path": 5, "type": "m.Transformer"}]""", "without a text 'type' and 'path'")]
    [InlineData("""{"path": ""}""", "modules.json")]
    public void Of_ModulesThatCannotBe_AreNamed(string modules, string expected)
    {
        TinyHead source = TinyHead.Embedder(_folder["source"], s_config, isLast: true);
        File.WriteAllText(Path.Combine(source.Folder, "modules.json"), modules);
        AssertRefused(source, "modules.json", expected);
    }

    [Theory]
    [InlineData("""{"pooling_mode_mean_tokens": true, "pooling_mode_lasttoken": true}""", "switches on pooling_mode_mean_tokens, pooling_mode_lasttoken")]
    [InlineData("""{"pooling_mode_cls_token": true}""", "switches on pooling_mode_cls_token")]
    [InlineData("{}", "switches on nothing")]
    [InlineData("""{"pooling_mode_mean_tokens": true, "include_prompt": false}""", "'include_prompt' is false")]
    [InlineData("""{"pooling_mode_mean_tokens": "yes"}""", "pooling_mode_mean_tokens")]
    public void Of_PoolingThatCannotBe_IsNamed(string pooling, string expected)
    {
        TinyHead source = TinyHead.Embedder(_folder["source"], s_config, isLast: true);
        File.WriteAllText(Path.Combine(source.Folder, "1_Pooling", "config.json"), pooling);
        AssertRefused(source, "config.json", expected);
    }

    [Theory]
    [InlineData("id2label", """{"0": "a", "2": "b"}""", "keys 0 to 1")]
    [InlineData("id2label", """{"0": "a", "zero": "b"}""", "'zero'")]
    [InlineData("id2label", """{"0": "a", "00": "b"}""", "'00'")]
    [InlineData("id2label", """{"0": "a", "1": 5}""", "id2label")]
    [InlineData("num_labels", "3", "'num_labels' is 3, but 'id2label' has 2")]
    [InlineData("num_labels", "2000000000", "'num_labels' is 2000000000; expected at most")]
    [InlineData("problem_type", "\"ranking\"", "'problem_type' is 'ranking'")]
    public void Of_LabelsThatCannotBe_AreNamed(string key, string value, string expected)
    {
        TinyHead source = TinyHead.Classifier(_folder["source"], s_config, labels: 2);
        source.Configure(json => json[key] = JsonNode.Parse(value));
        AssertRefused(source, "config.json", expected);
    }

    [Fact]
    public void Of_MoreLabelsThanScores_NamesTheTensor()
    {
        TinyHead source = TinyHead.Classifier(_folder["source"], s_config, labels: 2);
        source.Configure(json => json["id2label"] = new JsonObject { ["0"] = "a", ["1"] = "b", ["2"] = "c" });
        AssertRefused(source, "'score.weight' is [2, 64] F32; expected [3, 64]");
    }

    [Theory]
    [InlineData(null, ScoreFunction.Softmax)]
    [InlineData("multi_label_classification", ScoreFunction.Sigmoid)]
    [InlineData("regression", null)]
    public void Of_Classifier_NumbersLabelsWithoutNames(string? type, ScoreFunction? function)
    {
        TinyHead source = TinyHead.Classifier(_folder["source"], s_config, labels: 2);
        source.Configure(json =>
        {
            json.Remove("id2label");
            json["problem_type"] = (JsonNode?)type;
        });

        ModelHead.Classify head = Assert.IsType<ModelHead.Classify>(Head(source));

        Assert.Equal(["LABEL_0", "LABEL_1"], head.Labels);
        Assert.Equal(function, head.Function);
    }

    private static ModelHead Head(TinyHead source, Pooling? pooling = null)
    {
        using ConversionPlan plan = ConversionPlan.Create(source.Folder, new ConversionOptions { Pooling = pooling });
        return plan.Head;
    }

    private static void AssertRefused(TinyHead source, params string[] parts)
    {
        Exception fault = Assert.ThrowsAny<Exception>(() => Head(source));
        Assert.True(fault is ConversionException or CheckpointException, fault.ToString());
        foreach (string part in parts) Assert.Contains(part, fault.Message, StringComparison.Ordinal);
    }
}
