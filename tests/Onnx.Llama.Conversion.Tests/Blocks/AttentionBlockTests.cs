using System.Runtime.InteropServices;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Blocks;
using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Graph;

namespace Onnx.Llama.Conversion.Tests.Blocks;

/// <summary>The attention operator with all that families add to it, against the formula in float64: a softmax over the keys that a query sees.</summary>
public sealed class AttentionBlockTests
{
    private const int Positions = 11;
    private const int Width = 16;

    [Theory]
    [InlineData(null, null, null, false)]
    [InlineData(0.5f, null, null, false)]
    [InlineData(null, 4, null, false)]
    [InlineData(null, 1, null, false)]
    [InlineData(null, null, 2f, false)]
    [InlineData(null, null, null, true)]
    [InlineData(1f, 5, 3f, false)]
    [InlineData(0.7f, 3, null, true)]
    public void Attend_ScaleWindowSoftcapAndSinks_IsTheFormula(float? scale, int? window, float? softcap, bool sinks)
    {
        DecoderSpec spec = BlockGraph.Spec with
        {
            AttentionScale = scale,
            AttentionSoftcap = softcap,
            AttentionSinks = sinks,
            Attention = DecoderSpec.Alike(1, new LayerAttention(Rope: null, window)),
        };
        BlockGraph block = new(spec);
        int width = (spec.Heads + (2 * spec.KvHeads)) * Width;
        float[] x = [.. BlockGraph.Random(Positions * width, 5).Select(value => 3 * value)];

        float[] found = block.Run(x, width, input => AttentionBlock.Attend(
            block.Scope, 0, "/attn", new AttentionOperands(input, "", "", spec.KvHeads, null), Inputs(block.Scope.Graph)));

        float[]? stored = sinks ? block.Weight("layers.0.self_attn.sinks") : null;
        double[] expected = Expected(spec, x, width, stored);
        Assert.All(expected.Zip(found), pair => Assert.InRange(pair.Second - pair.First, -1e-5, 1e-5));
    }

    private static AttentionInputs Inputs(GraphBuilder graph) => new()
    {
        Layout = new HeadLayout(Width, Width, interleaved: false),
        PastLengths = graph.Initializer("lengths", ElementType.Int32, [1], MemoryMarshal.AsBytes<int>([Positions - 1])),
        TotalLength = graph.Initializer("total", ElementType.Int32, [], MemoryMarshal.AsBytes<int>([Positions])),
        Rotations = new Dictionary<RopeConfig, (string, string)>(),
    };

    private static double[] Expected(DecoderSpec spec, float[] x, int width, float[]? sinks)
    {
        double scale = spec.AttentionScale ?? 1 / Math.Sqrt(Width);
        int window = spec.Attention[0].Window ?? Positions;
        double[] attended = new double[Positions * spec.Heads * Width];
        for (int position = 0; position < Positions; position++)
        {
            for (int head = 0; head < spec.Heads; head++)
            {
                int kvHead = head / (spec.Heads / spec.KvHeads);
                int first = Math.Max(0, position - window + 1);
                double[] scores = [.. Enumerable.Range(first, position - first + 1).Select(key => Capped(spec.AttentionSoftcap, scale * Dot(position, head, key, kvHead)))];
                double most = Math.Max(scores.Max(), sinks?[head] ?? double.MinValue);
                double sum = scores.Sum(score => Math.Exp(score - most)) + (sinks is null ? 0 : Math.Exp(sinks[head] - most));
                for (int i = 0; i < scores.Length; i++)
                {
                    for (int d = 0; d < Width; d++)
                    {
                        double value = x[((first + i) * width) + ((spec.Heads + spec.KvHeads + kvHead) * Width) + d];
                        attended[(((position * spec.Heads) + head) * Width) + d] += Math.Exp(scores[i] - most) / sum * value;
                    }
                }
            }
        }

        return attended;

        double Dot(int position, int head, int key, int kvHead) => Enumerable.Range(0, Width).Sum(d =>
            (double)x[(position * width) + (head * Width) + d] * x[(key * width) + ((spec.Heads + kvHead) * Width) + d]);
    }

    private static double Capped(float? cap, double score) => cap is { } c ? c * Math.Tanh(score / c) : score;
}
