using Onnx.Llama.Decoding;

namespace Onnx.Llama.Tests.Decoding;

/// <summary>That a sequence's logits are its own, to the last bit, whatever happens beside it and however its memory moves.</summary>
public sealed class RowDecoderTests(TalesFolders tales)
{
    private const int Vocabulary = 976;

    [Theory]
    [InlineData("fp32")]
    [InlineData("int4")]
    public void Step_PromptInAnyPieces_GivesTheSameLogits(string precision)
    {
        int[] tokens = Decoders.RandomTokens(new Random(1), 90, Vocabulary);
        float[][] whole = Decoders.Alone(tales[precision], tokens, tokens.Length);
        foreach (int chunk in new[] { 2, 3, 7, 16, 45, 64, 65, 66, 89 })
        {
            using RowDecoder decoder = Decoders.Open(tales[precision], chunk);
            using KvSlot slot = decoder.Rent(tokens.Length);
            decoder.Step(slot, tokens, LogitsWanted.All);
            for (int i = 0; i < tokens.Length; i++) AssertSame(whole[i], decoder.Logits(i), $"chunk {chunk}, row {i}");
            slot.Truncate(0);
            decoder.Step(slot, tokens);
            AssertSame(whole[^1], decoder.Logits(0), $"chunk {chunk}, last only");
        }
    }

    [Theory]
    [InlineData("fp32")]
    [InlineData("int4")]
    public void Step_PromptInSeveralSteps_GivesTheSameLogits(string precision)
    {
        Random random = new(2);
        int[] tokens = Decoders.RandomTokens(random, 90, Vocabulary);
        float[][] whole = Decoders.Alone(tales[precision], tokens, tokens.Length);
        using RowDecoder decoder = Decoders.Open(tales[precision]);
        for (int trial = 0; trial < 5; trial++)
        {
            using KvSlot slot = decoder.Rent(tokens.Length);
            while (slot.Length < tokens.Length)
            {
                int left = tokens.Length - slot.Length;
                int count = left < 4 ? left : random.Next(2, left - 1);
                decoder.Step(slot, tokens.AsSpan(slot.Length, count), slot.Length + count == tokens.Length ? LogitsWanted.Last : LogitsWanted.None);
            }

            AssertSame(whole[^1], decoder.Logits(0), $"trial {trial}");
        }
    }

    /// <summary>Sequences of two capacities and many lengths come, go, grow and step in changing company; each is compared with itself alone.</summary>
    [Theory]
    [InlineData("fp32", false)]
    [InlineData("int4", false)]
    [InlineData("fp32", true)]
    public void Step_SequencesTogether_GivesEachItsOwnLogits(string precision, bool lengthDependentRope)
    {
        Random random = new(3);
        using RowDecoder decoder = Decoders.Open(tales[precision], chunk: 8, lengthDependentRope);
        List<TestSequence> sequences = [];
        StepPlan plan = new();
        for (int step = 0; step < 60; step++)
        {
            if (sequences.Count < 7) sequences.Add(new TestSequence(decoder, tales[precision], random, Vocabulary));
            TestSequence[] chosen = [.. sequences.Where(_ => random.Next(4) > 0)];
            random.Shuffle(chosen);
            plan.Clear();
            foreach (TestSequence sequence in chosen) sequence.AddTo(plan);
            decoder.Step(plan, TestContext.Current.CancellationToken);
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

    /// <summary>The 4-bit product may round activations differently for several rows; that is all that the option lets in.</summary>
    [Fact]
    public void Step_TogetherWithoutInvariance_IsCloseToAlone()
    {
        int[] tokens = Decoders.RandomTokens(new Random(8), 31, Vocabulary);
        float[] alone = Decoders.Alone(tales.Int4, tokens, 30)[^1];
        using RowDecoder decoder = Decoders.Open(tales.Int4, batchInvariant: false);
        using KvSlot first = decoder.Rent(40);
        using KvSlot second = decoder.Rent(40);
        decoder.Step(first, tokens.AsSpan(0, 30));
        decoder.Step(second, tokens.AsSpan(0, 30));
        StepPlan plan = new();
        plan.Add(first, tokens.AsSpan(30));
        plan.Add(second, tokens.AsSpan(30));
        decoder.Step(plan, TestContext.Current.CancellationToken);
        AssertSame(decoder.Logits(0), decoder.Logits(1), "equal sequences");
        float[] together = decoder.Logits(0).ToArray();
        double rms = Math.Sqrt(alone.Average(logit => logit * logit));
        Assert.InRange(alone.Zip(together, (a, b) => Math.Abs(a - b)).Max(), 0, 0.02 * rms);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Step_GraphWithOrWithoutLogitsFrom_GivesTheSameRows(bool logitsFrom)
    {
        using TinyModel reference = new();
        using TinyModel model = new(logitsFrom);
        int[] tokens = Decoders.RandomTokens(new Random(4), 30, TinyModel.Vocabulary);
        float[][] expected = Decoders.Alone(reference.Folder, tokens, 30);
        using RowDecoder decoder = Decoders.Open(model.Folder, chunk: 7);
        using KvSlot first = decoder.Rent(40);
        using KvSlot second = decoder.Rent(40);
        using KvSlot third = decoder.Rent(40);
        StepPlan plan = new();
        plan.Add(first, tokens.AsSpan(0, 20), LogitsWanted.None);
        plan.Add(second, tokens.AsSpan(0, 10));
        plan.Add(third, tokens, LogitsWanted.All);
        Assert.Equal(31, plan.LogitRows);
        decoder.Step(plan, TestContext.Current.CancellationToken);
        AssertSame(expected[9], decoder.Logits(0), "last of ten");
        for (int i = 0; i < tokens.Length; i++) AssertSame(expected[i], decoder.Logits(1 + i), $"row {i}");
        Assert.Throws<ArgumentOutOfRangeException>(() => decoder.Logits(31));
    }

    [Fact]
    public void Truncate_ThenOtherTokens_IsAsIfTheyHadComeAtOnce()
    {
        int[] tokens = Decoders.RandomTokens(new Random(5), 40, Vocabulary);
        using RowDecoder decoder = Decoders.Open(tales.Fp32);
        using KvSlot slot = decoder.Rent(60);
        decoder.Step(slot, tokens.AsSpan(0, 20));
        decoder.Step(slot, Decoders.RandomTokens(new Random(6), 30, Vocabulary));
        slot.Truncate(20);
        decoder.Step(slot, tokens.AsSpan(20));
        AssertSame(Decoders.Alone(tales.Fp32, tokens, 40)[^1], decoder.Logits(0), "after truncation");
    }

    [Fact]
    public void Step_CancelledBetweenPieces_LeavesEverySlotAsItWas()
    {
        int[] tokens = Decoders.RandomTokens(new Random(7), 2000, Vocabulary);
        using RowDecoder decoder = Decoders.Open(tales.Fp32, chunk: 2);
        using KvSlot slot = decoder.Rent(2000);
        using KvSlot other = decoder.Rent(2000);
        decoder.Step(slot, tokens.AsSpan(0, 10));
        StepPlan plan = new();
        plan.Add(other, [1]);
        plan.Add(slot, tokens.AsSpan(10));
        using CancellationTokenSource cancellation = new(TimeSpan.FromMilliseconds(20));
        Assert.Throws<OperationCanceledException>(() => decoder.Step(plan, cancellation.Token));
        Assert.Equal((10, 0), (slot.Length, other.Length));
        Assert.Throws<ArgumentOutOfRangeException>(() => decoder.Logits(0));
        decoder.Step(slot, tokens.AsSpan(10, 30));
        AssertSame(Decoders.Alone(tales.Fp32, tokens.AsSpan(0, 40), 40)[^1], decoder.Logits(0), "after cancellation");
    }

    private static void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string where) =>
        Assert.True(expected.SequenceEqual(actual), where + ": the logits differ");
}
