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

    public static TheoryData<string> Models { get; } =
        ["bias", "gqa", "mha", "mqa", "odd", "rope_dynamic", "rope_linear", "rope_llama3", "rope_yarn", "tied"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Models))]
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

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Greedy_AfterAPromptBeyondTheOriginalContext_EqualsTransformersAndTheHost(string name)
    {
        string source = SharedFolder.Require($"goldens/models/llama_{name}");
        Dictionary<string, ReferenceTensor> expected = ReferenceTensors.Read(Path.Combine(source, "reference.safetensors"));
        int[] prompt = expected["long_ids"].Ids(); // 200; the scaled rotations begin from 64 on
        ReferenceTensor logits = expected["long_logits"];
        using TemporaryFolder folder = new();
        string model = Convert(source, folder["model"], PrecisionRecipe.Fp32);

        int[] ours = await Host.GreedyAsync(model, prompt, 16, Cancellation);
        float[] last = logits.Floats()[^logits.Shape[1]..];
        Assert.Equal(last.IndexOf(last.Max()), ours[0]);
        Assert.Equal(ours, GenAi.Greedy(model, prompt, 16));
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
