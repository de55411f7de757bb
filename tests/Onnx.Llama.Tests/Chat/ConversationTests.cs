using Onnx.Llama.Chat;
using Onnx.Llama.Templates;
using Onnx.Llama.Tests.Decoding;

namespace Onnx.Llama.Tests.Chat;

public sealed class ConversationTests(TalesFolders tales) : IDisposable
{
    private static readonly GenerationOptions s_short = new() { MaxTokens = 12, EndIds = [] };

    private readonly LanguageModel _model = LanguageModel.Open(tales.Fp32, Decoders.Options);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _model.Dispose();

    [Fact]
    public async Task AskAsync_SecondQuestion_RunsOnlyWhatIsNew()
    {
        using Conversation conversation = new(_model, "You tell tales.");
        TextDelta[] first = await Ask(conversation, "Tell me of an owl.");
        Assert.Equal(0, first[^1].Usage.CachedTokens);
        TextDelta[] second = await Ask(conversation, "And then?");
        Assert.InRange(second[^1].Usage.CachedTokens, first[^1].Usage.PromptTokens, second[^1].Usage.PromptTokens - 2);
        Assert.Equal(["system", "user", "assistant", "user", "assistant"], conversation.Turns.Select(turn => turn.Role));
        Assert.Equal(string.Concat(second.Select(delta => delta.Text)), conversation.Turns[^1].Content);
    }

    /// <summary>Its memory doubles several times over these turns; the other's is large from the start.</summary>
    [Fact]
    public async Task AskAsync_MemoryThatGrew_GivesWhatOneLargeGives()
    {
        using Conversation grown = new(_model);
        using Conversation large = new(_model);
        await AskForOneToken(grown, room: 1);
        long small = _model.Decoder.KvBytes;
        await AskForOneToken(large, room: 1900);
        long before = _model.Decoder.KvBytes;
        for (int turn = 0; turn < 3; turn++)
        {
            GenerationOptions options = new() { MaxTokens = 60, EndIds = [] };
            Assert.Equal(Tokens(await Ask(large, "Tell me more.", options)), Tokens(await Ask(grown, "Tell me more.", options)));
        }

        Assert.InRange(_model.Decoder.KvBytes - before, 4 * small, 16 * small);
    }

    [Fact]
    public async Task AskAsync_Cancelled_KeepsWhatWasSaidAndGoesOn()
    {
        using Conversation conversation = new(_model);
        using CancellationTokenSource cancellation = new();
        string heard = "";
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (TextDelta delta in conversation.AskAsync("Tell me of an owl.", new GenerationOptions { EndIds = [] }, cancellation.Token))
            {
                heard += delta.Text;
                if (delta.Usage.GeneratedTokens == 8) await cancellation.CancelAsync();
            }
        });
        Assert.Equal(heard, conversation.Turns[^1].Content);
        await Ask(conversation, "And then?");
        Assert.Equal(4, conversation.Turns.Count);
    }

    [Fact]
    public async Task AskAsync_CancelledBeforeItBegins_TakesTheQuestionBack()
    {
        using Conversation conversation = new(_model);
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();
        IAsyncEnumerable<TextDelta> deltas = conversation.AskAsync("Hello", null, cancelled.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await deltas.ToArrayAsync(Cancellation));
        Assert.Empty(conversation.Turns);
        await Ask(conversation, "Hello");
        Assert.Equal(2, conversation.Turns.Count);
    }

    [Fact]
    public async Task AskAsync_AnswerOnItsWay_RefusesASecond()
    {
        using Conversation conversation = new(_model);
        await using IAsyncEnumerator<TextDelta> first = conversation.AskAsync("Hello", s_short, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await first.MoveNextAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(() => Ask(conversation, "Hello"));
        Assert.True(await first.MoveNextAsync());
    }

    [Fact]
    public async Task AskAsync_OutgrowsTheContext_SaysSoAndStaysUsable()
    {
        using Conversation conversation = new(_model);
        string novel = string.Concat(Enumerable.Repeat("the owl and the golden key ", 1000));
        ModelException fault = await Assert.ThrowsAsync<ModelException>(() => Ask(conversation, novel));
        Assert.Contains("expected 1 to 2048, the model's context", fault.Message, StringComparison.Ordinal);
        Assert.Empty(conversation.Turns);
        await Ask(conversation, "Hello");
    }

    /// <summary>
    /// The random model's tokens are not those that its text is encoded to, so the second question goes back to before them; the window has moved on by then,
    /// and everything runs again.
    /// </summary>
    [Fact]
    public async Task AskAsync_BeyondTheWindow_RunsAgainWhatIsGone()
    {
        using TinyModel tiny = new(window: 8, context: 600, vocabulary: 976);
        foreach (string name in new[] { "tokenizer.json", "tokenizer_config.json", "chat_template.jinja" })
        {
            if (File.Exists(Path.Combine(tales.Fp32, name))) File.Copy(Path.Combine(tales.Fp32, name), Path.Combine(tiny.Folder, name));
        }

        using LanguageModel model = LanguageModel.Open(tiny.Folder, Decoders.Options with { Kernels = KernelChoice.Stock }, Cancellation);
        using Conversation conversation = new(model);
        await Ask(conversation, "Hello");
        TextDelta[] second = await Ask(conversation, "And then?");
        Assert.Equal(0, second[^1].Usage.CachedTokens);
        string text = model.ChatTemplates!.Render(new ChatTemplateInput
        {
            Messages = [.. conversation.Turns.SkipLast(1).Select(turn => new TemplateMessage(turn.Role, TemplateValue.From(turn.Content)))],
            AddGenerationPrompt = true,
        });
        int[] prompt = model.Tokenizer!.Encode(text, addSpecialTokens: false);
        Assert.Equal(Tokens(await model.GenerateAsync(prompt, s_short, Cancellation).ToArrayAsync(Cancellation)), Tokens(second));
    }

    [Fact]
    public void New_ModelWithoutTokenizer_IsRefused()
    {
        using TinyModel tiny = new();
        using LanguageModel model = LanguageModel.Open(tiny.Folder, Decoders.Options, Cancellation);
        Assert.Contains("has no tokenizer", Assert.Throws<ModelException>(() => new Conversation(model)).Message, StringComparison.Ordinal);
    }

    private static async Task<TextDelta[]> Ask(Conversation conversation, string text, GenerationOptions? options = null) =>
        await conversation.AskAsync(text, options ?? s_short, Cancellation).ToArrayAsync(Cancellation);

    private static async Task AskForOneToken(Conversation conversation, int room)
    {
        await foreach (TextDelta _ in conversation.AskAsync("Hello", new GenerationOptions { MaxTokens = room, EndIds = [] }, Cancellation)) break;
    }

    private static int[] Tokens(TextDelta[] deltas) => [.. deltas.Select(delta => delta.TokenId)];
}
