using Onnx.Llama.Cli.Verification;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Cli.Tests.Verification;

/// <summary>The classifier and the embedders of ../shared/goldens/formats, whose values are those of Hugging Face transformers, texts of several lengths.</summary>
public sealed class GoldenHeadsTests
{
    private static readonly ModelOptions s_options = new() { Threads = 1, Spinning = false };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Verify_Classifier_GivesTheReferenceScores()
    {
        using TemporaryFolder folder = new();
        string source = SharedFolder.Require("goldens/formats/classifier");
        using Classifier model = Classifier.Open(GoldenModels.Convert(source, folder["model"]), s_options, Cancellation);

        AssertPassed(new HeadVerifier(GoldenModels.Tolerance).Compare(model, Path.Combine(source, "reference.safetensors"), Cancellation), "scores");
        Assert.Equal(["sad", "happy", "neutral"], model.Labels);
    }

    [Theory]
    [InlineData("embedder_llama", "mean", "last")]
    [InlineData("embedder_qwen3", "last", "mean")]
    public void Verify_Embedder_GivesTheReferenceVectors(string name, string pooling, string other)
    {
        using TemporaryFolder folder = new();
        string source = SharedFolder.Require($"goldens/formats/{name}"), reference = Path.Combine(source, "reference.safetensors");
        using Embedder model = Embedder.Open(GoldenModels.Convert(source, folder["model"]), s_options, Cancellation);
        HeadVerifier verifier = new(GoldenModels.Tolerance);

        AssertPassed(verifier.Compare(model, reference, Cancellation), pooling);
        string swapped = GoldenModels.Rewrite(reference, folder["swapped"], (pooling, ReferenceTensors.Read(reference)[other]));
        Assert.False(verifier.Compare(model, swapped, Cancellation).Passed);
    }

    private static void AssertPassed(VerificationReport report, string head)
    {
        Assert.True(report.Passed, report.ToString());
        Assert.Equal((head, 4), (report.Head, report.Texts));
        Assert.InRange(report.MaxDiffInStd!.Value, 1e-9, GoldenModels.Tolerance);
    }
}
