using System.Text;
using Onnx.Llama.Decoding;
using Onnx.Llama.Generation;
using Onnx.Llama.Sampling;

namespace Onnx.Llama.Tests.Generation;

public sealed class GeneratorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_EndToken_IsReportedWithoutText()
    {
        TextDelta[] deltas = await Run(new ScriptedDecoder(100, 'a', 'b', 'c', 2), [1], request => request);
        Assert.Equal("abc", Text(deltas));
        Assert.Equal([FinishReason.EndToken], deltas.Select(delta => delta.FinishReason).OfType<FinishReason>());
        Assert.Equal(2, deltas[^1].TokenId);
        Assert.Equal(new TokenUsage(1, 0, 4), deltas[^1].Usage);
    }

    [Fact]
    public async Task RunAsync_EndIdsEmptied_GoesOn()
    {
        TextDelta[] deltas = await Run(new ScriptedDecoder(100, 'a', 2), [1], request => request with { EndIds = [], MaxTokens = 4 });
        Assert.Equal(['a', 2, 'a', 2], deltas.Select(delta => delta.TokenId));
        Assert.Equal(FinishReason.MaxTokens, deltas[^1].FinishReason);
    }

    [Fact]
    public async Task RunAsync_StopStringOverSeveralTokens_IsHeldBackAndLeftOut()
    {
        ScriptedDecoder decoder = new(100, [.. "xS-SToPy".Select(letter => (int)letter)]);
        TextDelta[] deltas = await Run(decoder, [1], request => request with { Stop = ["SToP"] });
        Assert.Equal("xS-", Text(deltas));
        Assert.Equal(["x", "", "S-", "", "", "", ""], deltas.Select(delta => delta.Text));
        Assert.Equal(FinishReason.StopString, deltas[^1].FinishReason);
    }

    [Fact]
    public async Task RunAsync_EndsWithABeginningOfAStopString_GivesItAtLast()
    {
        TextDelta[] deltas = await Run(new ScriptedDecoder(100, 'a', 'S', 'T', 2), [1], request => request with { Stop = ["SToP"] });
        Assert.Equal(["a", "", "", "ST"], deltas.Select(delta => delta.Text));
    }

    [Fact]
    public async Task RunAsync_ContextFills_EndsThere()
    {
        TextDelta[] deltas = await Run(new ScriptedDecoder(5, 'a'), [1, 1], request => request);
        Assert.Equal((4, FinishReason.ContextFull), (deltas.Length, deltas[^1].FinishReason));
    }

    [Fact]
    public async Task RunAsync_MaxTokens_RunsNoStepTooMany()
    {
        ScriptedDecoder decoder = new(100, 'a');
        TextDelta[] deltas = await Run(decoder, [1, 1], request => request with { MaxTokens = 3 });
        Assert.Equal((3, 3), (deltas.Length, decoder.Steps));
    }

    [Fact]
    public async Task RunAsync_SlotTooSmall_Doubles()
    {
        ScriptedDecoder decoder = new(50, 'a');
        using ScriptedDecoder.Slot slot = new(decoder, 4);
        await Run(decoder, slot, [1, 1, 1], request => request);
        Assert.Equal([8, 16, 32, 50], slot.Grown);
    }

    [Fact]
    public async Task RunAsync_Cancelled_StopsBeforeTheNextToken()
    {
        using CancellationTokenSource cancellation = new();
        ScriptedDecoder decoder = new(100, 'a') { OnStep = step => { if (step == 3) cancellation.Cancel(); } };
        using KvSlot slot = decoder.Rent(100);
        List<TextDelta> deltas = [];
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (TextDelta delta in new Generator(decoder).RunAsync(NewRequest(slot, [1]), cancellation.Token)) deltas.Add(delta);
        });
        Assert.Equal(3, deltas.Count);
        Assert.Equal(3, slot.Length);
    }

    [Fact]
    public async Task RunAsync_TurnTaken_WaitsWithoutAThreadAndCanBeCancelled()
    {
        using ManualResetEventSlim release = new();
        using ManualResetEventSlim entered = new();
        ScriptedDecoder decoder = new(100, 'a') { OnStep = _ => { entered.Set(); release.Wait(Cancellation); } };
        Generator generator = new(decoder);
        using KvSlot first = decoder.Rent(100);
        GenerationRequest request = NewRequest(first, [1]) with { MaxTokens = 1 };
        Task<TextDelta[]> running = generator.RunAsync(request, Cancellation).ToArrayAsync(Cancellation).AsTask();
        entered.Wait(Cancellation);
        using CancellationTokenSource cancellation = new();
        Task<KvSlot> waiting = generator.RentAsync(10, cancellation.Token).AsTask();
        Assert.False(waiting.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        release.Set();
        Assert.Single(await running);
    }

    [Fact]
    public async Task RunAsync_SeedGiven_DrawsByPosition()
    {
        GenerationRequest Drawn(GenerationRequest request) => request with { Sampling = new SamplingOptions { Temperature = 5, Seed = 9 }, EndIds = [] };
        TextDelta[] whole = await Run(new ScriptedDecoder(100, 'a'), [1, 1], request => Drawn(request) with { MaxTokens = 10 });
        TextDelta[] rest = await Run(new ScriptedDecoder(100, 'a'), [1, 1, 1, 1], request => Drawn(request) with { MaxTokens = 8 });
        Assert.Equal(whole.Skip(2).Select(delta => delta.TokenId), rest.Select(delta => delta.TokenId));
    }

    private static Task<TextDelta[]> Run(ScriptedDecoder decoder, int[] prompt, Func<GenerationRequest, GenerationRequest> change) =>
        Run(decoder, decoder.Rent(decoder.ContextLength), prompt, change);

    private static async Task<TextDelta[]> Run(ScriptedDecoder decoder, KvSlot slot, int[] prompt, Func<GenerationRequest, GenerationRequest> change) =>
        await new Generator(decoder).RunAsync(change(NewRequest(slot, prompt)), Cancellation).ToArrayAsync(Cancellation);

    private static GenerationRequest NewRequest(KvSlot slot, int[] prompt) => new()
    {
        Slot = slot,
        Tokens = prompt,
        MaxTokens = int.MaxValue,
        Sampling = SamplingOptions.Greedy,
        Stop = [],
        EndIds = [2],
        Text = new Letters(),
    };

    private static string Text(IEnumerable<TextDelta> deltas) => deltas.Aggregate(new StringBuilder(), (text, delta) => text.Append(delta.Text)).ToString();

    /// <summary>Each token is a character.</summary>
    private sealed class Letters : ITextStream
    {
        public string Push(int token) => ((char)token).ToString();

        public string Flush() => "";
    }
}
