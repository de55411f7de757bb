using Onnx.Llama.Conversion;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Interop.Tests;

/// <summary>
/// Converted folders run in onnxruntime-genai as they are, and give the tokens of Hugging Face transformers and of this project's host. The host runs first:
/// it switches ONNX Runtime's telemetry off before the library is loaded, for the whole process.
/// </summary>
public sealed class GenAiTests
{
    private const int BeginOfText = 971; // of models/tales

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("bias")]
    [InlineData("gqa")]
    [InlineData("mha")]
    [InlineData("mqa")]
    [InlineData("odd")]
    [InlineData("rope_dynamic")]
    [InlineData("rope_linear")]
    [InlineData("rope_llama3")]
    [InlineData("rope_yarn")]
    [InlineData("tied")]
    public async Task Greedy_OfAConvertedReferenceModel_EqualsTransformersAndTheHost(string name)
    {
        string source = SharedFolder.Require($"goldens/models/llama_{name}");
        Dictionary<string, ReferenceTensor> expected = ReferenceTensors.Read(Path.Combine(source, "reference.safetensors"));
        int[] prompt = expected["ids"].Ids();
        int[] greedy = expected["greedy"].Ids();
        using TemporaryFolder folder = new();
        string model = Convert(source, folder["model"], PrecisionRecipe.Fp32);

        Assert.Equal(greedy, await Host.GreedyAsync(model, prompt, greedy.Length, Cancellation));
        Assert.Equal(greedy, GenAi.Greedy(model, prompt, greedy.Length));
    }

    [Fact]
    public async Task Greedy_OfTheDemoModelAtInt4_EqualsTheHost()
    {
        using TemporaryFolder folder = new();
        string model = Convert(Path.Combine(SharedFolder.Repository, "models", "tales"), folder["model"], PrecisionRecipe.Int4);
        await Host.GreedyAsync(model, [BeginOfText], 1, Cancellation);
        // A beginning after which the model does not want to end within 32 tokens, where genai, told not to end, would differ.
        int[] prompt = GenAi.Encode(model, "Once upon a time, there was an owl named Zara.");

        Assert.Equal(await Host.GreedyAsync(model, prompt, 32, Cancellation), GenAi.Greedy(model, prompt, 32));
    }

    [Fact]
    public async Task Logits_OfAPrompt_AreOfAllPositionsByDefault()
    {
        string source = SharedFolder.Require("goldens/models/llama_gqa");
        using TemporaryFolder folder = new();
        string model = Convert(source, folder["model"], PrecisionRecipe.Fp32);
        int[] prompt = [1, 5, 9, 7];
        await Host.GreedyAsync(model, prompt, 1, Cancellation);

        Assert.Equal([1, prompt.Length, 320], GenAi.LogitsShape(model, prompt));
    }

    private static string Convert(string source, string output, PrecisionRecipe precision)
    {
        using ConversionPlan plan = ConversionPlan.Create(source, new ConversionOptions { Precision = precision, Threads = 1 });
        return plan.Write(output, progress: null, Cancellation).Folder;
    }
}
