using System.Text.Json.Nodes;
using Onnx.Llama.Conversion;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Testing;
using Onnx.Llama.Tests.Decoding;
using Onnx.Llama.Tests.Heads;

namespace Onnx.Llama.Tests;

public sealed class ClassifierTests(HeadFolders folders) : IClassFixture<HeadFolders>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    public void Score_TextsOfManyLengths_GivesTheReferenceInTheirOrder(int batch)
    {
        using Classifier classifier = Classifier.Open(folders.Classifier, Decoders.Options, Cancellation);
        int[][] texts = HeadFolders.Texts(20);

        float[][] found = classifier.Score(texts, new BatchOptions { BatchSize = batch }, Cancellation);

        Assert.Equal(["label 0", "label 1", "label 2"], classifier.Labels);
        for (int i = 0; i < texts.Length; i++) AssertNear(folders.ClassifierSource.Scores(texts[i]), found[i]);
    }

    [Fact]
    public void Classify_Text_RanksTheLabelsByTheirSoftmax()
    {
        using Classifier classifier = Classifier.Open(folders.Classifier, Decoders.Options, Cancellation);
        float[] scores = folders.ClassifierSource.Scores(classifier.Encode("an owl"));
        double sum = scores.Sum(score => Math.Exp(score));

        LabelScore[] found = classifier.Classify("an owl", null, Cancellation);

        int[] order = [.. Enumerable.Range(0, 3).OrderByDescending(label => scores[label])];
        Assert.Equal(order.Select(label => $"label {label}"), found.Select(label => label.Label));
        AssertNear([.. order.Select(label => scores[label])], [.. found.Select(label => label.Score)]);
        AssertNear([.. order.Select(label => (float)(Math.Exp(scores[label]) / sum))], [.. found.Select(label => label.Probability!.Value)]);
        Assert.Equal(found, classifier.Classify(["a key", "an owl"], null, Cancellation)[1], (a, b) => a.Label == b.Label && Math.Abs(a.Score - b.Score) < 1e-5);
    }

    [Theory]
    [InlineData(1, null, true)]
    [InlineData(1, "single_label_classification", true)]
    [InlineData(2, "multi_label_classification", true)]
    [InlineData(1, "regression", false)]
    public void Classify_LabelsThatAreTrueEachForItself_GivesTheirSigmoid(int labels, string? type, bool hasProbability)
    {
        using TemporaryFolder folder = new();
        TinyHead source = TinyHead.Classifier(folder["source"], TinyCheckpoint.Default with { Layers = 1 }, labels);
        source.Configure(json => json["problem_type"] = (JsonNode?)type);
        using ConversionPlan plan = ConversionPlan.Create(source.Folder, new ConversionOptions { Precision = PrecisionRecipe.Fp32, Threads = 1 });
        using Classifier classifier = Classifier.Open(plan.Write(folder["model"], progress: null, Cancellation).Folder, Decoders.Options, Cancellation);

        LabelScore[] found = classifier.Classify([[1, 2, 3]], null, Cancellation)[0];

        Assert.Equal(labels, found.Length);
        foreach (LabelScore label in found)
        {
            Assert.Equal(hasProbability, label.Probability is not null);
            if (label.Probability is { } probability) Assert.Equal(1 / (1 + Math.Exp(-label.Score)), probability, 5);
        }
    }

    [Fact]
    public void Open_LabelsThatAreNotTheGraphs_AreRefused()
    {
        string folder = folders.Copy(folders.Classifier);
        string file = Path.Combine(folder, "onnx_llama.json");
        JsonObject manifest = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        manifest["head"]!["labels"] = new JsonArray("yes", "no");
        File.WriteAllText(file, manifest.ToJsonString());

        ModelException fault = Assert.Throws<ModelException>(() => Classifier.Open(folder, Decoders.Options, Cancellation));

        Assert.Contains("onnx_llama.json: head.labels has 2 names; expected 3, head.width", fault.Message, StringComparison.Ordinal);
    }

    private static void AssertNear(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        Assert.InRange(expected.Zip(found, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-4f);
    }
}
