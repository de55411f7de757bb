using Onnx.Llama.Decoding;
using Onnx.Llama.Manifest;

namespace Onnx.Llama.Tests.Decoding;

/// <summary>A model whose rotation is another one beyond a length (longrope): all keys get the new one as soon as a sequence is longer.</summary>
public sealed class RowDecoderRopeTests : IDisposable
{
    private const int End = 24;

    private readonly TinyModel _model = new(ropeSwitchAt: End);
    private readonly int[] _tokens = Decoders.RandomTokens(new Random(1), 60, TinyModel.Vocabulary);
    private readonly float[][] _short;
    private readonly float[][] _long;

    public RowDecoderRopeTests()
    {
        _short = TinyReference.Logits(_model, _tokens);
        _long = TinyReference.Logits(_model, _tokens, TinyModel.LongAngles);
    }

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Step_OutgrowsTheTable_RunsTheSequenceAgain()
    {
        using RowDecoder decoder = Decoders.Open(_model.Folder, ropeSwitchAt: End);
        using KvSlot slot = decoder.Rent(60);
        decoder.Step(slot, _tokens.AsSpan(0, 20));
        for (int i = 20; i < 40; i++)
        {
            decoder.Step(slot, _tokens.AsSpan(i, 1));
            AssertClose(i < End ? _short[i] : _long[i], decoder.Logits(0), $"token {i}");
        }
    }

    [Theory]
    [InlineData(LogitsWanted.All)]
    [InlineData(LogitsWanted.Last)]
    [InlineData(LogitsWanted.None)]
    public void Step_OutgrowsTheTableWithSeveralTokens_GivesTheirLogits(LogitsWanted wanted)
    {
        using RowDecoder decoder = Decoders.Open(_model.Folder, ropeSwitchAt: End);
        using KvSlot slot = decoder.Rent(60);
        using KvSlot other = decoder.Rent(60);
        decoder.Step(slot, _tokens.AsSpan(0, 20));
        StepPlan plan = new();
        plan.Add(other, _tokens.AsSpan(0, 10), LogitsWanted.All);
        int row = plan.Add(slot, _tokens.AsSpan(20, 15), wanted);
        decoder.Step(plan, TestContext.Current.CancellationToken);
        for (int i = 0; i < 10; i++) AssertClose(_short[i], decoder.Logits(i), $"the other's token {i}");
        if (wanted == LogitsWanted.Last) AssertClose(_long[34], decoder.Logits(row), "the last token");
        for (int i = 20; i < 35 && wanted == LogitsWanted.All; i++) AssertClose(_long[i], decoder.Logits(row + i - 20), $"token {i}");
        decoder.Step(slot, _tokens.AsSpan(35, 1));
        AssertClose(_long[35], decoder.Logits(0), "the next token");
    }

    [Fact]
    public void Truncate_AcrossTheTablesEnd_RunsTheSequenceAgain()
    {
        using RowDecoder decoder = Decoders.Open(_model.Folder, ropeSwitchAt: End);
        using KvSlot slot = decoder.Rent(60);
        decoder.Step(slot, _tokens.AsSpan(0, End));
        slot.Truncate(10);
        Assert.Equal(10, slot.CachedLength);
        decoder.Step(slot, _tokens.AsSpan(10, 30));
        AssertClose(_long[39], decoder.Logits(0), "after going back");
        slot.Truncate(End + 1);
        Assert.Equal(End + 1, slot.CachedLength);
        decoder.Step(slot, _tokens.AsSpan(End + 1, 1));
        AssertClose(_long[End + 1], decoder.Logits(0), "beyond the table");
        slot.Truncate(End - 1);
        Assert.Equal(0, slot.CachedLength);
        decoder.Step(slot, _tokens.AsSpan(End - 1, 1));
        AssertClose(_short[End - 1], decoder.Logits(0), "within the table again");
    }

    [Fact]
    public void Step_FailsAfterASequenceRanAgain_LeavesWhatWasThere()
    {
        GenAiConfig config = _model.Config with { Model = _model.Config.Model with { ContextLength = 2 * TinyModel.Context } };
        File.WriteAllBytes(Path.Combine(_model.Folder, GenAiConfig.FileName), config.ToUtf8());
        using RowDecoder decoder = Decoders.Open(_model.Folder, ropeSwitchAt: End);
        using KvSlot slot = decoder.Rent(60);
        using KvSlot other = decoder.Rent(TinyModel.Context + 10);
        decoder.Step(slot, _tokens.AsSpan(0, 20));
        StepPlan plan = new();
        plan.Add(slot, _tokens.AsSpan(20, 1));
        plan.Add(other, new int[TinyModel.Context + 10]);
        Assert.Throws<ModelException>(() => decoder.Step(plan, TestContext.Current.CancellationToken));
        Assert.Equal((20, 20), (slot.Length, slot.CachedLength));
        plan.Clear();
        plan.Add(slot, _tokens.AsSpan(20, 10));
        plan.Add(other, new int[TinyModel.Context + 10]);
        Assert.Throws<ModelException>(() => decoder.Step(plan, TestContext.Current.CancellationToken));
        Assert.Equal((20, 0), (slot.Length, slot.CachedLength));
        decoder.Step(slot, _tokens.AsSpan(20, 1));
        AssertClose(_short[20], decoder.Logits(0), "run again");
    }

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string where)
    {
        double greatest = 0;
        for (int i = 0; i < expected.Length; i++) greatest = Math.Max(greatest, Math.Abs((double)expected[i] - actual[i]));
        Assert.True(greatest < 1e-4, $"{where}: {greatest}");
    }
}
