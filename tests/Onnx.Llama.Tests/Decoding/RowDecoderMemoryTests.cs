using Onnx.Llama.Decoding;
using Onnx.Llama.Graph;

namespace Onnx.Llama.Tests.Decoding;

/// <summary>What a decoder takes, native and managed.</summary>
public sealed class RowDecoderMemoryTests(TalesFolders tales)
{
    [Fact]
    public void KvBytes_SlotsComeAndGo_IsWhatWasAskedFor()
    {
        using RowDecoder decoder = Decoders.Open(tales.Fp32);
        long token = decoder.Layout.BytesPerToken;
        Assert.Equal(6 * 2 * 2 * 32 * sizeof(float), token);
        KvSlot small = decoder.Rent(10);
        KvSlot large = decoder.Rent(100);
        Assert.Equal(110 * token, decoder.KvBytes);
        small.Grow(50);
        Assert.Equal((50, 150 * token), (small.Capacity, decoder.KvBytes));
        small.Dispose();
        small.Dispose();
        Assert.Equal(100 * token, decoder.KvBytes);
        large.Dispose();
        Assert.Equal(0, decoder.KvBytes);
    }

    [Fact]
    public void Rent_BeyondTheBudget_GivesBothNumbers()
    {
        using RowDecoder model = Decoders.Open(tales.Fp32);
        long token = model.Layout.BytesPerToken;
        using RowDecoder decoder = Decoders.Open(tales.Fp32, budget: 350 * token);
        using KvSlot first = decoder.Rent(100);
        using KvSlot second = decoder.Rent(100);
        using KvSlot third = decoder.Rent(100);
        Assert.Equal(300 * token, decoder.KvBytes);
        ModelException fault = Assert.Throws<ModelException>(() => decoder.Rent(100));
        Assert.Contains($"{100 * token} bytes", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"{350 * token}", fault.Message, StringComparison.Ordinal);
        Assert.Equal(300 * token, decoder.KvBytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(2049)]
    public void Rent_BeyondTheContext_GivesBothNumbers(int capacity)
    {
        using RowDecoder decoder = Decoders.Open(tales.Fp32);
        ModelException fault = Assert.Throws<ModelException>(() => decoder.Rent(capacity));
        Assert.Contains($"room for {capacity} tokens", fault.Message, StringComparison.Ordinal);
        Assert.Contains("1 to 2048", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, decoder.KvBytes);
    }

    [Fact]
    public void Step_Decoding_AllocatesLittleAndTheSameAtAnyLength()
    {
        using RowDecoder decoder = Decoders.Open(tales.Int4);
        long start = BytesPerToken(decoder, context: 16);
        long end = BytesPerToken(decoder, context: 1500);
        using TinyModel tiny = new();
        using RowDecoder other = Decoders.Open(tiny.Folder);
        Assert.InRange(start, 0, 1023);
        Assert.InRange(end, start - 8, start + 8);
        Assert.InRange(BytesPerToken(other, context: 16), start - 8, start + 8);
        using TinyModel half = new(type: ElementType.Float16);
        using RowDecoder halves = Decoders.Open(half.Folder);
        Assert.InRange(BytesPerToken(halves, context: 16), start - 8, start + 8);
    }

    private static long BytesPerToken(RowDecoder decoder, int context)
    {
        const int Tokens = 32;
        using KvSlot slot = decoder.Rent(context + Tokens + 8);
        decoder.Step(slot, new int[context]);
        StepPlan plan = new();
        for (int i = 0; i < 8; i++) StepOnce(decoder, plan, slot);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Tokens; i++) StepOnce(decoder, plan, slot);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Tokens;
    }

    private static void StepOnce(RowDecoder decoder, StepPlan plan, KvSlot slot)
    {
        plan.Clear();
        plan.Add(slot, [1]);
        decoder.Step(plan, CancellationToken.None);
    }
}
