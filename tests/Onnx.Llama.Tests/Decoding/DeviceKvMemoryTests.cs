using Microsoft.ML.OnnxRuntime;
using Onnx.Llama.Decoding;
using Onnx.Llama.Manifest;
using Onnx.Llama.Runtime;

namespace Onnx.Llama.Tests.Decoding;

/// <summary>Keys and values in memory that only ONNX Runtime can address. The CPU's own allocator stands in for a GPU's; the way through the host is the same.</summary>
public sealed class DeviceKvMemoryTests
{
    private const int Window = 12;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Sequences that come, go, grow and step in company; they take turns, and a slot that grows runs its tokens again.</summary>
    [Fact]
    public void Step_SlotsThatGrow_GivesEachItsOwnLogits()
    {
        using TinyModel model = new(window: Window);
        Random random = new(1);
        using RowDecoder decoder = Open(model);
        int[][] tokens = [.. Enumerable.Range(0, 3).Select(_ => Decoders.RandomTokens(random, 50, TinyModel.Vocabulary))];
        float[][][] expected = [.. tokens.Select(text => TinyReference.Logits(model, text))];
        KvSlot[] slots = [.. tokens.Select(_ => decoder.Rent(10))];
        StepPlan plan = new();
        for (int length = 0; length < 50; length += length < 9 ? 9 : 1)
        {
            int count = length == 0 ? 9 : 1;
            plan.Clear();
            for (int i = 0; i < slots.Length; i++)
            {
                if (length + count > slots[i].Capacity) Grow(slots[i]);
                plan.Add(slots[i], tokens[i].AsSpan(length, count));
            }

            decoder.Step(plan, Cancellation);
            for (int i = 0; i < slots.Length; i++) AssertClose(expected[i][length + count - 1], decoder.Logits(i), $"sequence {i}, token {length + count}");
        }

        Assert.Equal(slots.Length * decoder.Layout.Bytes(40 + 40), decoder.KvBytes);
        foreach (KvSlot slot in slots) slot.Dispose();
        Assert.Equal(0, decoder.KvBytes);
    }

    [Fact]
    public void Truncate_BeforeTheWindow_RunsTheRestAgain()
    {
        using TinyModel model = new(window: Window);
        int[] tokens = Decoders.RandomTokens(new Random(2), 60, TinyModel.Vocabulary);
        float[][] expected = TinyReference.Logits(model, tokens);
        using RowDecoder decoder = Open(model);
        using KvSlot slot = decoder.Rent(60);
        decoder.Step(slot, tokens.AsSpan(0, 50));
        slot.Truncate(30);
        Assert.Equal(0, slot.CachedLength);
        decoder.Step(slot, tokens.AsSpan(30, 20), LogitsWanted.All);
        for (int i = 0; i < 20; i++) AssertClose(expected[30 + i], decoder.Logits(i), $"token {30 + i}");
    }

    private static void Grow(KvSlot slot)
    {
        slot.Grow(2 * slot.Capacity);
        Assert.Equal(0, slot.CachedLength);
    }

    private static RowDecoder Open(TinyModel model)
    {
        GenAiModel description = model.Config.Model;
        using SessionOptions options = new() { IntraOpNumThreads = 1 };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        string file = Path.Combine(model.Folder, description.Decoder.Filename);
        InferenceSession session = new(file, options);
        DeviceKvMemory memory = new(session, new OrtMemoryInfo(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.DeviceAllocator, 0, OrtMemType.Default));
        IReadOnlyList<int?> windows = LayerWindows.Of(model.Folder, description.Decoder, manifest: null);
        return new RowDecoder(new DecoderGraph(new GraphSession(session), file, description.Decoder, windows, slack: 0, memory), description.ContextLength, chunk: 7);
    }

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string where)
    {
        double greatest = 0;
        for (int i = 0; i < expected.Length; i++) greatest = Math.Max(greatest, Math.Abs((double)expected[i] - actual[i]));
        Assert.True(greatest < 1e-4, $"{where}: {greatest}");
    }
}
