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
    private const int EndOfText = 2; // of the reference models

    public static TheoryData<string> Models { get; } =
    [
        "apertus", "arcee", "cohere", "cohere2", "deepseek_v3", "ernie4_5", "exaone4", "gemma", "gemma2", "gemma3", "glm", "glm4",
        "gpt_oss", "granite", "granitemoe", "helium", "hunyuan_dense", "llama_bias", "llama_gqa", "llama_mha", "llama_mqa", "llama_odd",
        "llama_rope_dynamic", "llama_rope_linear", "llama_rope_llama3", "llama_rope_yarn", "llama_tied", "ministral", "mistral",
        "mistral_nemo", "mixtral", "nemotron", "olmo", "olmo2", "olmo3", "olmoe", "phi", "phi3", "phi3_longrope", "phi4_partial", "phimoe",
        "qwen2", "qwen2_moe", "qwen2_window", "qwen3", "qwen3_moe", "qwen3_tied", "seed_oss", "smollm3", "stablelm", "starcoder2",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Greedy_OfAConvertedReferenceModel_EqualsTransformersAndTheHost(string name)
    {
        string source = SharedFolder.Require($"goldens/models/{name}");
        Dictionary<string, ReferenceTensor> expected = ReferenceTensors.Read(Path.Combine(source, "reference.safetensors"));
        int[] prompt = expected["ids"].Ids();
        // genai, told not to end, would differ from the first end token on.
        int[] greedy = [.. expected["greedy"].Ids().TakeWhile(token => token != EndOfText)];
        Assert.InRange(greedy.Length, 12, 32);
        using TemporaryFolder folder = new();
        string model = Convert(source, folder["model"], PrecisionRecipe.Fp32);

        Assert.Equal(greedy, await Host.GreedyAsync(model, prompt, greedy.Length, Cancellation));
        Assert.Equal(greedy, GenAi.Greedy(model, prompt, greedy.Length));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Greedy_AfterAPromptBeyondTheOriginalContext_EqualsTransformersAndTheHost(string name)
    {
        string source = SharedFolder.Require($"goldens/models/{name}");
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
