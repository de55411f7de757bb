using Onnx.Llama.Decoding;
using Onnx.Llama.Graph;
using Onnx.Llama.Graph.Proto;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Tests.Decoding;

/// <summary>A real model with the kernels: beside ONNX Runtime's own operators, and bit for bit in any company.</summary>
public sealed class KernelDecoderTests(TalesFolders tales)
{
    private const int Vocabulary = 976;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// Both round activations to 8 bits, which alone is 0.6 to 1 % of the logits' rms here; the kernels add no more than a tenth of a percent to that. What neither
    /// rounds is the same model with accuracy_level 1.
    /// </summary>
    [Fact]
    public void Step_BesideStockOperators_RoundsNoMore()
    {
        using TemporaryFolder folder = new();
        string exactFolder = WithFloatActivations(folder["exact"]);
        int[] tokens = Decoders.RandomTokens(new Random(1), 90, Vocabulary);
        float[][] exact = Decoders.Alone(exactFolder, tokens, 60, kernels: KernelChoice.Stock);
        double ours = Error(Decoders.Alone(tales.Int4, tokens, 60), exact);
        double stock = Error(Decoders.Alone(tales.Int4, tokens, 60, kernels: KernelChoice.Stock), exact);
        Assert.InRange(ours, 1e-4, stock + 1e-3);
        using RowDecoder decoder = Decoders.Open(tales.Int4);
        Assert.True(decoder.Kernels is { Attends: true, IsBatchInvariant: true });
    }

    /// <summary>Every sequence in random pieces, single tokens among them, with random others beside it, on one and on two threads.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Step_InAnyPiecesAndCompany_GivesTheSameBits(int threads)
    {
        Random random = new(threads);
        int[][] texts = [.. Enumerable.Range(0, 6).Select(_ => Decoders.RandomTokens(random, random.Next(40, 150), Vocabulary))];
        float[][][] alone = [.. texts.Select(text => Decoders.Alone(tales.Int4, text, text.Length))];
        using RowDecoder decoder = Decoders.Open(tales.Int4, threads: threads);
        using Slots slots = new(texts.Select(text => decoder.Rent(text.Length)));
        StepPlan plan = new();
        int together = 0;
        while (Enumerable.Range(0, texts.Length).Any(i => slots[i].Length < texts[i].Length))
        {
            plan.Clear();
            List<(int Text, int Last)> asked = [];
            for (int i = 0; i < texts.Length; i++)
            {
                int left = texts[i].Length - slots[i].Length;
                if (left == 0 || random.Next(4) == 0) continue;
                int count = random.Next(2) == 0 ? 1 : Math.Min(left, random.Next(1, 50));
                asked.Add((i, slots[i].Length + count - 1));
                plan.Add(slots[i], texts[i].AsSpan(slots[i].Length, count), LogitsWanted.Last);
            }

            if (asked.Count == 0) continue;
            decoder.Step(plan, Cancellation);
            together = Math.Max(together, asked.Count);
            for (int row = 0; row < asked.Count; row++) Assert.Equal(alone[asked[row].Text][asked[row].Last], decoder.Logits(row).ToArray());
        }

        Assert.True(together > 2);
    }

    private string WithFloatActivations(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(tales.Int4)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        string graph = Path.Combine(folder, "model.onnx");
        OnnxModel model = OnnxModel.Read(graph);
        foreach (AttributeProto level in model.Proto.Graph.Node.SelectMany(node => node.Attribute).Where(attribute => attribute.Name == "accuracy_level")) level.I = 1;
        File.WriteAllBytes(graph, model.ToBytes());
        return folder;
    }

    private static double Error(float[][] logits, float[][] exact)
    {
        double difference = 0;
        double norm = 0;
        foreach ((float[] left, float[] right) in logits.Zip(exact))
        {
            foreach ((float a, float b) in left.Zip(right))
            {
                difference += Math.Pow(a - (double)b, 2);
                norm += b * (double)b;
            }
        }

        return Math.Sqrt(difference / norm);
    }

    private sealed class Slots(IEnumerable<KvSlot> slots) : List<KvSlot>(slots), IDisposable
    {
        public void Dispose() => ForEach(slot => slot.Dispose());
    }
}
