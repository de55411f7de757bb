using Onnx.Llama.Decoding;

namespace Onnx.Llama.Tests.Decoding;

public sealed class ProbeTests
{
    [Fact]
    public void Probe()
    {
        ITestOutputHelper output = TestContext.Current.TestOutputHelper!;
        using TinyModel model = new();
        Random random = new(5);
        int[] tokens = Decoders.RandomTokens(random, 150, TinyModel.Vocabulary);
        float[][] whole = Decoders.Alone(model.Folder, tokens, 150);
        foreach (int prompt in new[] { 1, 2, 3, 5, 6, 7, 12, 64, 100, 149 })
        {
            float[][] other = Decoders.Alone(model.Folder, tokens, prompt);
            int bad = Enumerable.Range(0, 150).Count(i => !whole[i].AsSpan().SequenceEqual(other[i]));
            float worst = Enumerable.Range(0, 150).Max(i => whole[i].Zip(other[i], (a, b) => Math.Abs(a - b)).Max());
            output.WriteLine($"prompt {prompt}: rows differing {bad}, worst {worst}; first {Enumerable.Range(0, 150).FirstOrDefault(i => !whole[i].AsSpan().SequenceEqual(other[i]), -1)}");
        }

        foreach (int chunk in new[] { 2, 3, 4, 5, 6, 7, 8, 16, 64, 149 })
        {
            using RowDecoder decoder = Decoders.Open(model.Folder, chunk);
            using KvSlot slot = decoder.Rent(150);
            decoder.Step(slot, tokens, LogitsWanted.All);
            int bad = Enumerable.Range(0, 150).Count(i => !whole[i].AsSpan().SequenceEqual(decoder.Logits(i)));
            using KvSlot slot2 = decoder.Rent(150);
            decoder.Step(slot2, tokens, LogitsWanted.Last);
            bool last = whole[149].AsSpan().SequenceEqual(decoder.Logits(0));
            output.WriteLine($"chunk {chunk}: rows differing {bad}; last only same {last}");
        }
    }
}
