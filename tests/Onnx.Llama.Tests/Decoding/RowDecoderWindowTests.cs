using Onnx.Llama.Decoding;
using Onnx.Llama.Kernels.Rewriting;
using Onnx.Llama.Manifest;

namespace Onnx.Llama.Tests.Decoding;

/// <summary>A decoder some of whose layers keep a window only: what it computes, what it promises, and what it takes.</summary>
public sealed class RowDecoderWindowTests
{
    private const int Window = 12;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 512)]
    [InlineData(0, 7)]
    [InlineData(3, 512)]
    [InlineData(3, 2)]
    [InlineData(40, 20)]
    public void Step_BeyondSeveralWindows_AgreesWithAPlainForwardPass(int slack, int chunk)
    {
        using TinyModel model = new(window: Window);
        int[] tokens = Decoders.RandomTokens(new Random(1), 110, TinyModel.Vocabulary);
        float[][] expected = TinyReference.Logits(model, tokens);
        AssertClose(expected, Decoders.Alone(model.Folder, tokens, 60, chunk, slack));
        using TinyModel without = new();
        Assert.True(Distance(expected[^1], Decoders.Alone(without.Folder, tokens, 110)[^1]) > 0.01, "the window changes nothing");
    }

    /// <summary>
    /// Of a window large enough for whole blocks to be dropped, of 512 positions for ONNX Runtime's operator and of 32 for the kernels'. To the last bit with the
    /// kernels; ONNX Runtime's matrix product rounds by the number of rows with AVX-512.
    /// </summary>
    [Theory]
    [InlineData(KernelChoice.Stock, 2, 1e-4)]
    [InlineData(KernelChoice.Auto, 34, 0)]
    public void Step_PromptInAnyPieces_GivesTheSameLogits(KernelChoice kernels, int blocks, double tolerance)
    {
        using TinyModel model = new(window: 300, context: 1500);
        Random random = new(2);
        int[] tokens = Decoders.RandomTokens(random, 1400, TinyModel.Vocabulary);
        using RowDecoder decoder = Decoders.Open(model.Folder, kernels: kernels);
        Assert.Equal(blocks, decoder.Layout.Layers[0].Dropped(1400) / (decoder.Layout.Layers[0].Slack + 1));
        float[] whole = Decoders.Alone(model.Folder, tokens, 1400, chunk: 1400, kernels: kernels)[^1];
        foreach (int chunk in new[] { 65, 333, 512 }) AssertNear(whole, Decoders.Alone(model.Folder, tokens, 1400, chunk, kernels: kernels)[^1], tolerance, $"chunk {chunk}");
        using KvSlot slot = decoder.Rent(1400);
        while (slot.Length < 1400)
        {
            int left = 1400 - slot.Length;
            decoder.Step(slot, tokens.AsSpan(slot.Length, left < 300 ? left : random.Next(2, 300)));
        }

        AssertNear(whole, decoder.Logits(0), tolerance, "steps");
    }

    /// <summary>Sequences come, go, grow and step in changing company, most of them beyond their window; each is compared with itself alone.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(20)]
    public void Step_SequencesTogether_GivesEachItsOwnLogits(int slack)
    {
        using TinyModel model = new(window: Window);
        Random random = new(3);
        using RowDecoder decoder = Decoders.Open(model.Folder, chunk: 8, slack: slack);
        List<TestSequence> sequences = [];
        StepPlan plan = new();
        for (int step = 0; step < 80; step++)
        {
            if (sequences.Count < 5) sequences.Add(new TestSequence(decoder, model.Folder, random, TinyModel.Vocabulary, longest: 50, chunk: 8, slack));
            TestSequence[] chosen = [.. sequences.Where(_ => random.Next(4) > 0)];
            random.Shuffle(chosen);
            plan.Clear();
            foreach (TestSequence sequence in chosen) sequence.AddTo(plan);
            decoder.Step(plan, Cancellation);
            foreach (TestSequence sequence in chosen) sequence.Check(decoder);
            foreach (TestSequence done in sequences.Where(sequence => sequence.IsDone || random.Next(30) == 0).ToArray())
            {
                done.Dispose();
                sequences.Remove(done);
            }
        }

        foreach (TestSequence sequence in sequences) sequence.Dispose();
        Assert.Equal(0, decoder.KvBytes);
    }

    /// <summary>The first time that rows run together they are compared with themselves alone, which would run them twice: not while keys are dropped.</summary>
    [Fact]
    public void Step_FirstTimeTogetherBeyondTheWindow_GivesEachItsOwnLogits()
    {
        using TinyModel model = new(window: Window);
        int[] tokens = Decoders.RandomTokens(new Random(4), 40, TinyModel.Vocabulary);
        float[][] expected = Decoders.Alone(model.Folder, tokens, 30, slack: 0);
        using RowDecoder decoder = Decoders.Open(model.Folder, slack: 0);
        using KvSlot first = decoder.Rent(60);
        using KvSlot second = decoder.Rent(60);
        decoder.Step(first, tokens.AsSpan(0, 30));
        decoder.Step(second, tokens.AsSpan(0, 30));
        StepPlan plan = new();
        for (int i = 30; i < 40; i++)
        {
            plan.Clear();
            plan.Add(first, tokens.AsSpan(i, 1));
            plan.Add(second, tokens.AsSpan(i, 1));
            decoder.Step(plan, Cancellation);
            AssertSame(expected[i], decoder.Logits(0), $"first, token {i}");
            AssertSame(expected[i], decoder.Logits(1), $"second, token {i}");
        }
    }

    [Fact]
    public void Truncate_ToAnyLength_IsAsIfTheRestHadNotBeen()
    {
        using TinyModel model = new(window: Window);
        int[] tokens = Decoders.RandomTokens(new Random(5), 60, TinyModel.Vocabulary);
        float[][] expected = Decoders.Alone(model.Folder, tokens, 40, slack: 7);
        using RowDecoder decoder = Decoders.Open(model.Folder, slack: 7);
        using KvSlot slot = decoder.Rent(80);
        decoder.Step(slot, tokens.AsSpan(0, 40));
        foreach (int length in new[] { 39, 36 })
        {
            slot.Truncate(length);
            Assert.Equal(length, slot.CachedLength);
            for (int i = length; i < 43; i++)
            {
                decoder.Step(slot, tokens.AsSpan(i, 1));
                Assert.True(Distance(expected[i], decoder.Logits(0)) < 1e-4, $"token {i} after {length}");
            }
        }

        slot.Truncate(35);
        Assert.Equal((35, 0), (slot.Length, slot.CachedLength));
        decoder.Step(slot, tokens.AsSpan(35, 5), LogitsWanted.All);
        Assert.Equal(40, slot.CachedLength);
        for (int i = 0; i < 5; i++) AssertSame(expected[35 + i], decoder.Logits(i), $"run again, token {35 + i}");
    }

    /// <summary>The other sequence of the step outgrows the graph's table of rotations, which its folder says to be longer.</summary>
    [Theory]
    [InlineData(10, 25, 0)]
    [InlineData(10, 2, 10)]
    [InlineData(15, 3, 15)]
    [InlineData(19, 1, 0)]
    public void Step_FailsInItsMiddle_LeavesWhatWasThere(int before, int count, int cached)
    {
        using TinyModel model = new(window: Window);
        int[] tokens = Decoders.RandomTokens(new Random(6), 60, TinyModel.Vocabulary);
        GenAiConfig config = model.Config with { Model = model.Config.Model with { ContextLength = 2 * TinyModel.Context } };
        File.WriteAllBytes(Path.Combine(model.Folder, GenAiConfig.FileName), config.ToUtf8());
        using RowDecoder decoder = Decoders.Open(model.Folder, chunk: 5, slack: 7);
        using KvSlot slot = decoder.Rent(60);
        using KvSlot other = decoder.Rent(TinyModel.Context + 10);
        decoder.Step(slot, tokens.AsSpan(0, before));
        StepPlan plan = new();
        plan.Add(slot, tokens.AsSpan(before, count));
        plan.Add(other, new int[TinyModel.Context + 10]);
        ModelException fault = Assert.Throws<ModelException>(() => decoder.Step(plan, Cancellation));
        Assert.Contains("running it failed", fault.Message, StringComparison.Ordinal);
        Assert.Equal((before, cached, 0), (slot.Length, slot.CachedLength, other.Length));
        decoder.Step(slot, tokens.AsSpan(before, 40 - before));
        Assert.True(Distance(Decoders.Alone(model.Folder, tokens, 40, slack: 7)[39], decoder.Logits(0)) < 1e-4, "after the failure");
    }

    [Fact]
    public void KvBytes_OfALongSequence_IsTheWindowsAndTheWholeOfTheOthers()
    {
        using TinyModel model = new(window: Window, context: 1500);
        using RowDecoder decoder = Decoders.Open(model.Folder);
        const long Token = 2 * TinyModel.KvHeads * TinyModel.HeadDim * sizeof(float);
        using KvSlot slot = decoder.Rent(1000);
        const int Room = Window + KernelReport.KeyBlock - 1;
        Assert.Equal((1000 + (2 * Room)) * Token, decoder.KvBytes);
        slot.Grow(1500);
        Assert.Equal((1500 + (2 * Room)) * Token, decoder.KvBytes);
        Assert.Equal((3 * Token, 2 * Token), (decoder.Layout.BytesPerToken, decoder.Layout.WindowBytesPerToken));
    }

    private static void AssertClose(float[][] expected, float[][] actual)
    {
        for (int i = 0; i < expected.Length; i++) Assert.True(Distance(expected[i], actual[i]) < 1e-4, $"token {i}: {Distance(expected[i], actual[i])}");
    }

    private static double Distance(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        double greatest = 0;
        for (int i = 0; i < expected.Length; i++) greatest = Math.Max(greatest, Math.Abs((double)expected[i] - actual[i]));
        return greatest;
    }

    private static void AssertNear(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance, string where)
    {
        for (int i = 0; i < expected.Length; i++) Assert.True(Math.Abs((double)expected[i] - actual[i]) <= tolerance, where + ": the logits differ");
    }

    private static void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string where) =>
        Assert.True(expected.SequenceEqual(actual), where + ": the logits differ");
}
