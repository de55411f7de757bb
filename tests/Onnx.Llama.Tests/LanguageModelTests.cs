using Onnx.Llama.Sampling;
using Onnx.Llama.Tests.Decoding;

namespace Onnx.Llama.Tests;

public sealed class LanguageModelTests(TalesFolders tales)
{
    private const string Prompt = "Once upon a time";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Open_ConvertedFolder_TellsWhatItIs()
    {
        using LanguageModel model = LanguageModel.Open(tales.Int4, Decoders.Options with { Provider = Provider.Auto }, Cancellation);
        Assert.Equal((Provider.Cpu, 2048, 976), (model.Provider, model.ContextLength, model.VocabularySize));
        Assert.Equal([972, 975], model.EndIds);
        Assert.Equal(SamplingOptions.Greedy, model.DefaultSampling);
        Assert.Equal([Provider.Cuda, Provider.DirectMl, Provider.Cpu], model.ProviderDecisions.Select(decision => decision.Provider));
    }

    [Fact]
    public async Task GenerateAsync_EightAtOnce_GivesWhatOneAfterTheOtherGives()
    {
        using LanguageModel model = LanguageModel.Open(tales.Int4, Decoders.Options, Cancellation);
        GenerationOptions options = new() { MaxTokens = 24, Sampling = new SamplingOptions { Temperature = 0.9f, TopP = 0.95f, Seed = 5 }, EndIds = [] };
        string[] prompts = [.. Enumerable.Range(0, 8).Select(i => string.Concat(Enumerable.Repeat(Prompt, 1 + (i % 3))) + i)];
        List<int[]> serial = [];
        foreach (string prompt in prompts) serial.Add(await Tokens(model, prompt, options));
        int[][] parallel = await Task.WhenAll(prompts.Select(prompt => Task.Run(() => Tokens(model, prompt, options))));
        Assert.Equal(serial, parallel);
        Assert.Equal(0, model.Decoder.KvBytes);
    }

    [Fact]
    public async Task GenerateAsync_Text_IsTheTokensText()
    {
        using LanguageModel model = LanguageModel.Open(tales.Fp32, Decoders.Options, Cancellation);
        TextDelta[] deltas = await model.GenerateAsync(Prompt, new GenerationOptions { MaxTokens = 40, EndIds = [] }, Cancellation).ToArrayAsync(Cancellation);
        int[] prompt = model.Tokenizer!.Encode(Prompt);
        string whole = model.Tokenizer.Decode([.. prompt, .. deltas.Select(delta => delta.TokenId)], skipSpecialTokens: true);
        Assert.Equal(whole, Prompt + string.Concat(deltas.Select(delta => delta.Text)));
        Assert.Equal(new TokenUsage(prompt.Length, 0, 40), deltas[^1].Usage);
    }

    [Fact]
    public async Task GenerateAsync_GivenUpOrCancelled_GivesTheMemoryBack()
    {
        using LanguageModel model = LanguageModel.Open(tales.Int4, Decoders.Options, Cancellation);
        await foreach (TextDelta delta in model.GenerateAsync(Prompt, cancellationToken: Cancellation))
        {
            Assert.True(model.Decoder.KvBytes > 0);
            if (delta.Usage.GeneratedTokens == 3) break;
        }

        Assert.Equal(0, model.Decoder.KvBytes);
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();
        IAsyncEnumerable<TextDelta> deltas = model.GenerateAsync(Prompt, null, cancelled.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await deltas.ToArrayAsync(Cancellation));
        Assert.Equal(0, model.Decoder.KvBytes);
    }

    [Fact]
    public async Task GenerateAsync_MaxTokens_TakesMemoryForThem()
    {
        using LanguageModel model = LanguageModel.Open(tales.Int4, Decoders.Options, Cancellation);
        int prompt = model.Tokenizer!.Encode(Prompt).Length;
        await foreach (TextDelta _ in model.GenerateAsync(Prompt, new GenerationOptions { MaxTokens = 10 }, Cancellation))
        {
            Assert.Equal((prompt + 10) * model.KvBytesPerToken, model.Decoder.KvBytes);
        }
    }

    [Fact]
    public void GenerateAsync_PromptLongerThanTheContext_GivesBothNumbers()
    {
        using LanguageModel model = LanguageModel.Open(tales.Int4, Decoders.Options, Cancellation);
        ModelException fault = Assert.Throws<ModelException>(() => model.GenerateAsync(new int[2049], cancellationToken: Cancellation));
        Assert.Contains("the prompt has 2049 tokens; expected 1 to 2048", fault.Message, StringComparison.Ordinal);
        Assert.Throws<ModelException>(() => model.GenerateAsync(Array.Empty<int>(), cancellationToken: Cancellation));
    }

    [Fact]
    public async Task GenerateAsync_NoTokenizer_TakesTokensAndRefusesText()
    {
        using TinyModel tiny = new();
        using LanguageModel model = LanguageModel.Open(tiny.Folder, Decoders.Options, Cancellation);
        int[] prompt = [1, 2, 3];
        TextDelta[] deltas = await model.GenerateAsync(prompt, new GenerationOptions { MaxTokens = 3, EndIds = [] }, Cancellation).ToArrayAsync(Cancellation);
        Assert.Equal(["", "", ""], deltas.Select(delta => delta.Text));
        ModelException fault = Assert.Throws<ModelException>(() => model.GenerateAsync(Prompt, null, Cancellation));
        Assert.Contains("has no tokenizer", fault.Message, StringComparison.Ordinal);
        Assert.Throws<ModelException>(() => model.GenerateAsync(prompt, new GenerationOptions { Stop = ["x"] }, Cancellation));
    }

    [Fact]
    public async Task Dispose_WhileGenerating_EndsTheGeneration()
    {
        LanguageModel model = LanguageModel.Open(tales.Int4, Decoders.Options, Cancellation);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
        {
            await foreach (TextDelta _ in model.GenerateAsync(Prompt, new GenerationOptions { EndIds = [] }, Cancellation)) model.Dispose();
        });
    }

    private static async Task<int[]> Tokens(LanguageModel model, string prompt, GenerationOptions options) =>
        [.. (await model.GenerateAsync(prompt, options, Cancellation).ToArrayAsync(Cancellation)).Select(delta => delta.TokenId)];
}
