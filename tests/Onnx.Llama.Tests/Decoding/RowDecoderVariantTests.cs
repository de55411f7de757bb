using Onnx.Llama.Decoding;
using Onnx.Llama.Graph;

namespace Onnx.Llama.Tests.Decoding;

/// <summary>Graphs as they are made for GPUs, run on the CPU: float16 throughout, and rotation outside the attention by position_ids.</summary>
public sealed class RowDecoderVariantTests
{
    [Theory]
    [InlineData(false, true, 1e-4)]
    [InlineData(true, false, 2e-2)]
    [InlineData(true, true, 2e-2)]
    public void Step_PiecesAndSingleTokens_AgreesWithAPlainForwardPass(bool half, bool rotaryOutside, double tolerance)
    {
        using TinyModel model = Model(half, rotaryOutside);
        int[] tokens = Decoders.RandomTokens(new Random(1), 80, TinyModel.Vocabulary);
        float[][] expected = TinyReference.Logits(model, tokens);
        double mean = expected.Average(row => row.Average());
        double deviation = Math.Sqrt(expected.Average(row => row.Average(logit => (logit - mean) * (logit - mean))));
        float[][] found = Decoders.Alone(model.Folder, tokens, 50, chunk: 7);
        double greatest = expected.Zip(found, (a, b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max()).Max();
        Assert.InRange(greatest / deviation, 0, tolerance);
        if (half) Assert.All(found, row => Assert.All(row, logit => Assert.Equal((float)(Half)logit, logit)));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Step_SequencesTogether_GivesEachItsOwnLogits(bool half, bool rotaryOutside)
    {
        using TinyModel model = Model(half, rotaryOutside);
        Random random = new(2);
        using RowDecoder decoder = Decoders.Open(model.Folder, chunk: 8);
        TestSequence[] sequences = [.. Enumerable.Range(0, 5).Select(_ => new TestSequence(decoder, model.Folder, random, TinyModel.Vocabulary, chunk: 8))];
        StepPlan plan = new();
        while (sequences.Any(sequence => !sequence.IsDone))
        {
            TestSequence[] chosen = [.. sequences.Where(sequence => !sequence.IsDone && random.Next(4) > 0)];
            plan.Clear();
            foreach (TestSequence sequence in chosen) sequence.AddTo(plan);
            decoder.Step(plan, TestContext.Current.CancellationToken);
            foreach (TestSequence sequence in chosen) sequence.Check(decoder);
        }

        foreach (TestSequence sequence in sequences) sequence.Dispose();
    }

    [Fact]
    public void KvBytes_OfHalves_IsHalf()
    {
        using TinyModel model = Model(half: true, rotaryOutside: false);
        using RowDecoder decoder = Decoders.Open(model.Folder);
        using KvSlot slot = decoder.Rent(10);
        Assert.Equal(10 * TinyModel.Layers * 2 * TinyModel.KvHeads * TinyModel.HeadDim * 2, decoder.KvBytes);
    }

    private static TinyModel Model(bool half, bool rotaryOutside) => new(type: half ? ElementType.Float16 : ElementType.Float, rotaryOutside: rotaryOutside);
}
