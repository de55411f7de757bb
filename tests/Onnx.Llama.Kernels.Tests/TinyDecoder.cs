using Onnx.Llama.Graph;
using Onnx.Llama.Kernels.Products;
using Onnx.Llama.Kernels.Tests.Products;

namespace Onnx.Llama.Kernels.Tests;

/// <summary>A decoder of one layer with all that the kernels take over: embedding and head of the same bytes, norms, attention, a gate, 16-bit scores.</summary>
internal sealed class TinyDecoder : IDisposable
{
    public const int Vocabulary = 96;

    /// <summary>The operators of the kernels in it, and how many of each.</summary>
    public static readonly IReadOnlyDictionary<string, int> Kernels = new SortedDictionary<string, int>(StringComparer.Ordinal)
    {
        ["Attention"] = 1,
        ["DenseProduct"] = 1,
        ["Norm"] = 3,
        ["QuantGather"] = 1,
        ["QuantProduct"] = 5,
    };

    private const int Hidden = 64;
    private const int Inner = 96;
    private const int Heads = 4;
    private const int KvHeads = 2;
    private const int HeadSize = 16;
    private const int Capacity = 12;

    private readonly Random _random;
    private readonly List<RandomMatrix> _matrices = [];

    public TinyDecoder(int seed = 1)
    {
        _random = new Random(seed);
        GraphBuilder graph = Model.Graph;
        RandomMatrix head = Matrix(Vocabulary, Hidden);
        string[] headWeights = Model.Matrix("head", head);
        string residual = Embed(headWeights);
        string normed = graph.Node("norm1", OpNames.SimplifiedLayerNormalization, [residual, Gain("gain1")], NodeAttribute.Float("epsilon", 1e-5f));
        string attended = Attend(Model.Product("qkv", normed, Matrix((Heads + (2 * KvHeads)) * HeadSize, Hidden, asymmetric: true)));
        (normed, residual) = SkipNorm("norm2", residual, Model.Product("o", attended, Matrix(Hidden, Hidden)));
        string gate = Model.Product("gate", normed, Matrix(Inner, Hidden, asymmetric: true));
        gate = graph.Node("silu", OpNames.QuickGelu, [gate], NodeAttribute.Float("alpha", 1));
        string gated = graph.Node("mul", OpNames.Mul, [gate, Model.Product("up", normed, Matrix(Inner, Hidden, asymmetric: true))]);
        (normed, _) = SkipNorm("norm3", residual, Model.Product("down", gated, Matrix(Hidden, Inner)));
        graph.Output(Model.Product("logits", normed, head, headWeights), ElementType.Float, "rows", "tokens", Vocabulary);
        graph.Output(Score(normed), ElementType.Float, "rows", "tokens", 5);
    }

    public SmallModel Model { get; } = new();

    public void Dispose()
    {
        Model.Dispose();
        foreach (RandomMatrix matrix in _matrices) matrix.Dispose();
    }

    /// <summary>Two rows of some tokens, of which the second may be shorter.</summary>
    public static Feed Prompt(int tokens = 5, int second = 5)
    {
        Random random = new(tokens);
        float[] cache = new float[2 * KvHeads * Capacity * HeadSize];
        long[] shape = [2, KvHeads, Capacity, HeadSize];
        return new Feed()
            .With("ids", [.. Enumerable.Range(0, 2 * tokens).Select(_ => (long)random.Next(Vocabulary))], 2, tokens)
            .With("past_keys", cache, shape)
            .With("past_values", [.. cache], shape)
            .With("last", [tokens - 1, second - 1], 2)
            .With("total", [tokens], 1);
    }

    private RandomMatrix Matrix(int n, int k, bool asymmetric = false)
    {
        RandomMatrix matrix = new(new QuantFormat(4, 32, asymmetric), n, k, _random);
        foreach (ref float scale in matrix.Scales) scale *= 2;
        _matrices.Add(matrix);
        return matrix;
    }

    private string Gain(string name) => Model.Floats(name, [Hidden], [.. Difference.Numbers(_random, Hidden).Select(value => 1 + (value / 4))]);

    private string Embed(string[] head)
    {
        byte[] points = [.. Enumerable.Repeat((byte)0x88, Vocabulary)];
        ExternalRange codes = Model.Put(_matrices[0].Codes);
        string table = Model.Graph.External("table", ElementType.UInt8, [Vocabulary, Hidden / 2], SmallModel.DataName, codes);
        head[0] = Model.Graph.External("head.tied", ElementType.UInt8, [Vocabulary, 2, 16], SmallModel.DataName, codes);
        string ids = Model.Graph.Input("ids", ElementType.Int64, "rows", "tokens");
        return Model.Graph.Node(
            "embed",
            OpNames.GatherBlockQuantized,
            [table, ids, head[1], Model.Weight<byte>("points", ElementType.UInt8, [Vocabulary, 1], points)],
            NodeAttribute.Int("bits", 4),
            NodeAttribute.Int("block_size", 32),
            NodeAttribute.Int("gather_axis", 0),
            NodeAttribute.Int("quantize_axis", 1));
    }

    private string Attend(string packed)
    {
        GraphBuilder graph = Model.Graph;
        Dimension[] cache = ["rows", KvHeads, Capacity, HeadSize];
        string[] inputs =
        [
            packed, "", "", graph.Input("past_keys", ElementType.Float, cache), graph.Input("past_values", ElementType.Float, cache),
            graph.Input("last", ElementType.Int32, "rows"), graph.Input("total", ElementType.Int32, 1), Turns("cos", Math.Cos), Turns("sin", Math.Sin),
        ];
        graph.Node(
            "attention",
            OpNames.GroupQueryAttention,
            inputs,
            ["attended", "keys", "values"],
            NodeAttribute.Int("num_heads", Heads),
            NodeAttribute.Int("kv_num_heads", KvHeads),
            NodeAttribute.Int("do_rotary", 1));
        return "attended";
    }

    private string Turns(string name, Func<double, double> function) => Model.Floats(
        name,
        [Capacity, HeadSize / 2],
        [.. Enumerable.Range(0, Capacity * HeadSize / 2).Select(i => (float)function(i / (HeadSize / 2) * Math.Pow(100, -(i % (HeadSize / 2)) / 8.0)))]);

    private (string Normed, string Sum) SkipNorm(string name, string residual, string branch)
    {
        string[] inputs = [residual, branch, Gain($"{name}.gain")];
        Model.Graph.Node(name, OpNames.SkipSimplifiedLayerNormalization, inputs, [$"{name}.y", "", "", $"{name}.sum"], NodeAttribute.Float("epsilon", 1e-5f));
        return ($"{name}.y", $"{name}.sum");
    }

    private string Score(string normed)
    {
        Half[] values = [.. Difference.Numbers(_random, 5 * Hidden).Select(value => (Half)value)];
        string weight = Model.Weight<Half>("score", ElementType.Float16, [5, Hidden], values);
        string single = Model.Graph.Node("score.cast", OpNames.Cast, [weight], NodeAttribute.Int("to", (int)ElementType.Float));
        return Model.Graph.Node("scores", OpNames.FusedMatMul, [normed, single], NodeAttribute.Int("transB", 1));
    }
}
