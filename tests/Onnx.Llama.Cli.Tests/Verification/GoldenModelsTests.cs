using System.Text.Json;
using System.Text.Json.Nodes;
using Onnx.Llama.Cli.Verification;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Cli.Tests.Verification;

/// <summary>
/// Every family against the values of Hugging Face transformers, with the kernels and with ONNX Runtime's own operators: logits and long logits within 1e-4 of a
/// standard deviation, all greedy tokens.
/// </summary>
public sealed class GoldenModelsTests
{
    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void Verify_ModelAtFp32_GivesTheReferenceValuesInBothSpellings(string name)
    {
        string source = SharedFolder.Require($"goldens/models/{name}");
        string reference = Path.Combine(source, "reference.safetensors");
        using TemporaryFolder folder = new();
        string converted = GoldenModels.Convert(source, folder["model"]);

        foreach (KernelChoice kernels in new[] { KernelChoice.Auto, KernelChoice.Stock })
        {
            using LanguageModel model = GoldenModels.Open(converted, kernels);
            Assert.Equal(kernels == KernelChoice.Auto, model.Kernels is { Attends: true });
            VerificationReport report = GoldenModels.Verify(model, reference);
            AssertPassed(report);
            Assert.NotNull(report.LongMaxDiffInStd);
            double stated = JsonElement.Parse(File.ReadAllText(Path.Combine(source, "reference.json"))).GetProperty("logits_std").GetDouble();
            Assert.InRange(report.MaxAbsDiff!.Value / report.MaxDiffInStd!.Value / stated, 0.999, 1.001);
        }

        AssertNewSpellingConvertsEqually(source, folder, converted);
    }

    [Theory]
    [InlineData("llama_f32")]
    [InlineData("llama_f16")]
    [InlineData("llama_bf16_sharded")]
    [InlineData("llama_mixed_dtypes")]
    public void Verify_StorageFormatAtFp32_GivesTheReferenceValues(string name)
    {
        string source = SharedFolder.Require($"goldens/formats/{name}");
        using TemporaryFolder folder = new();
        using LanguageModel model = GoldenModels.Open(GoldenModels.Convert(source, folder["model"]));

        AssertPassed(GoldenModels.Verify(model, Path.Combine(source, "reference.safetensors")));
    }

    private static void AssertPassed(VerificationReport report)
    {
        Assert.True(report.Passed, report.ToString());
        Assert.InRange(report.MaxDiffInStd!.Value, 0, GoldenModels.Tolerance);
        Assert.InRange(report.LongMaxDiffInStd ?? 0, 0, GoldenModels.Tolerance);
        Assert.Equal(report.GreedyTotal, report.GreedyMatched);
        Assert.InRange(report.GreedyTotal!.Value, 24, 32);
        Assert.Equal(1, report.Top1Agreement);
        Assert.InRange(report.MeanKl!.Value, -1e-6, 1e-6);
    }

    private static void AssertNewSpellingConvertsEqually(string source, TemporaryFolder folder, string converted)
    {
        Directory.CreateDirectory(folder["v5"]);
        foreach (string file in Directory.GetFiles(source)) File.Copy(file, Path.Combine(folder["v5"], Path.GetFileName(file)));
        File.Copy(Path.Combine(source, "config.v5.json"), Path.Combine(folder["v5"], "config.json"), overwrite: true);
        string again = GoldenModels.Convert(folder["v5"], folder["model-v5"]);

        string[] names = [.. Directory.GetFiles(converted).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];
        Assert.Equal(names, Directory.GetFiles(again).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (string name in names.Where(name => name != "onnx_llama.json"))
        {
            Assert.True(File.ReadAllBytes(Path.Combine(converted, name)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(again, name))), name);
        }

        Assert.Equal(ManifestWithoutSource(converted), ManifestWithoutSource(again));
    }

    private static string ManifestWithoutSource(string folder)
    {
        JsonObject manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "onnx_llama.json")))!.AsObject();
        Assert.True(manifest.Remove("source"));
        return manifest.ToJsonString();
    }
}
