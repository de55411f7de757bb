using System.Text.Json;
using Onnx.Llama.Conversion;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Decoding;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Tests.Decoding;

/// <summary>How well a trained model of 135 million parameters predicts a text, with the kernels and with ONNX Runtime's own operators.</summary>
public sealed class PerplexityTests
{
    private const int Window = 512;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Perplexity_WithTheKernels_IsTheReferenceAndTheStockOperators()
    {
        using JsonDocument reference = JsonDocument.Parse(File.ReadAllText(SmolLm2.Path("reference.json")));
        JsonElement expected = reference.RootElement.GetProperty("perplexity");
        using TemporaryFolder folder = new();
        string checkpoint = SmolLm2.Write(folder["checkpoint"]);
        string fp32 = Convert(checkpoint, folder, PrecisionRecipe.Fp32);
        double exact = Perplexity(fp32, KernelChoice.Auto, expected.GetProperty("tokens").GetInt32());
        Assert.Equal(expected.GetProperty("ppl").GetDouble(), exact, 2e-4);
        string int4 = Convert(checkpoint, folder, PrecisionRecipe.Int4);
        double ours = Perplexity(int4, KernelChoice.Auto);
        double stock = Perplexity(int4, KernelChoice.Stock);
        Assert.InRange(ours / stock, 0.999, 1.001);
        Assert.NotEqual(ours, stock);
    }

    private static string Convert(string checkpoint, TemporaryFolder folder, PrecisionRecipe precision)
    {
        using ConversionPlan plan = ConversionPlan.Create(checkpoint, new ConversionOptions { Precision = precision });
        plan.Write(folder[precision.Name], progress: null, Cancellation);
        return folder[precision.Name];
    }

    /// <summary>Of windows that follow each other, all tokens but the first of each scored.</summary>
    private static double Perplexity(string folder, KernelChoice kernels, int? count = null)
    {
        using LanguageModel model = LanguageModel.Open(folder, Decoders.Options with { Kernels = kernels, Threads = 2 });
        int[] ids = model.Tokenizer!.Encode(File.ReadAllText(SmolLm2.Path("perplexity.txt")), addSpecialTokens: false);
        if (count is not null) Assert.Equal(count, ids.Length);
        double sum = 0;
        int scored = 0;
        StepPlan plan = new();
        for (int first = 0; first < ids.Length; first += Window)
        {
            ReadOnlySpan<int> window = ids.AsSpan(first, Math.Min(Window, ids.Length - first));
            using KvSlot slot = model.Decoder.Rent(window.Length);
            plan.Clear();
            plan.Add(slot, window, LogitsWanted.All);
            model.Decoder.Step(plan, Cancellation);
            for (int i = 0; i + 1 < window.Length; i++) sum += Surprise(model.Decoder.Logits(i), window[i + 1]);
            scored += window.Length - 1;
        }

        return Math.Exp(sum / scored);
    }

    private static double Surprise(ReadOnlySpan<float> logits, int id)
    {
        double greatest = float.MinValue;
        foreach (float logit in logits) greatest = Math.Max(greatest, logit);
        double sum = 0;
        foreach (float logit in logits) sum += Math.Exp(logit - greatest);
        return Math.Log(sum) + greatest - logits[id];
    }
}
