using System.Runtime.InteropServices;
using Onnx.Llama.Graph;
using Onnx.Llama.Manifest;

namespace Onnx.Llama.Tests.Decoding;

/// <summary>A model folder with a small decoder of stock operators and random weights, in a temporary folder.</summary>
internal sealed class TinyModel : IDisposable
{
    public const int Vocabulary = 101;
    public const int Context = 192;
    public const int Layers = 3;
    public const int Hidden = 288;
    public const int Heads = 9;
    public const int KvHeads = 3;
    public const int HeadDim = 32;
    public const int FeedForward = 400;

    /// <summary>By what angles are multiplied beyond the length of the first table.</summary>
    public const float LongAngles = 0.25f;

    private static readonly OperatorName s_greater = new("", "Greater");
    private static readonly OperatorName s_where = new("", "Where");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("onnx-llama-");
    private readonly Random _random = new(11);
    private readonly GraphBuilder _graph = new("decoder");
    private readonly Dictionary<string, float[]> _weights = [];
    private readonly int _context;
    private readonly int _vocabulary;
    private readonly int? _ropeSwitchAt;
    private readonly ElementType _type;
    private readonly bool _rotaryOutside;

    /// <param name="logitsFrom">Whether the graph can give the last logits alone.</param>
    /// <param name="window">The window of every layer but the second; null for none.</param>
    /// <param name="context">The longest text.</param>
    /// <param name="vocabulary">How many tokens it knows.</param>
    /// <param name="ropeSwitchAt">The length beyond which angles are a quarter; null for none.</param>
    /// <param name="type">The type of weights, states, keys, values and logits.</param>
    /// <param name="rotaryOutside">Whether queries and keys are rotated before the attention, by position_ids, as DirectML wants it.</param>
    public TinyModel(
        bool logitsFrom = true,
        int? window = null,
        int context = Context,
        int vocabulary = Vocabulary,
        int? ropeSwitchAt = null,
        ElementType type = ElementType.Float,
        bool rotaryOutside = false)
    {
        (_type, _rotaryOutside) = (type, rotaryOutside);
        (Window, _context, _vocabulary, _ropeSwitchAt) = (window, context, vocabulary, ropeSwitchAt);
        Config = Describe();
        Emit(logitsFrom);
        File.WriteAllBytes(Path.Combine(Folder, "model.onnx"), _graph.Build(21, 10, "tests").ToBytes());
        File.WriteAllBytes(Path.Combine(Folder, GenAiConfig.FileName), Config.ToUtf8());
    }

    /// <summary>The folder's content as its file says.</summary>
    public GenAiConfig Config { get; }

    public string Folder => _folder.FullName;

    public int? Window { get; }

    /// <summary>Every weight by its name, [outputs, inputs].</summary>
    public IReadOnlyDictionary<string, float[]> Weights => _weights;

    public int? WindowOf(int layer) => layer == 1 ? null : Window;

    public void Dispose() => _folder.Delete(recursive: true);

    private GenAiConfig Describe() => new()
    {
        Model = new GenAiModel
        {
            Type = "llama",
            EosTokenId = [2],
            ContextLength = _context,
            VocabSize = _vocabulary,
            Decoder = new GenAiDecoder
            {
                Filename = "model.onnx",
                HeadSize = HeadDim,
                HiddenSize = Hidden,
                NumAttentionHeads = Heads,
                NumHiddenLayers = Layers,
                NumKeyValueHeads = KvHeads,
                Inputs = new GenAiInputs { PositionIds = _rotaryOutside ? "position_ids" : null },
                Outputs = new GenAiOutputs(),
                SlidingWindow = Window is { } window ? new GenAiSlidingWindow(window, [0, 2]) : null,
            },
        },
    };

    private void Emit(bool logitsFrom)
    {
        string ids = _graph.Input("input_ids", ElementType.Int64, "rows", "new");
        if (_rotaryOutside) _graph.Input("position_ids", ElementType.Int64, "rows", "new");
        string mask = _graph.Input("attention_mask", ElementType.Int64, "rows", "total");
        (string lengths, string total) = Lengths(mask);
        (string cos, string sin) = Rotary("", 1);
        if (_ropeSwitchAt is { } end)
        {
            (string longCos, string longSin) = Rotary("_long", LongAngles);
            string isLong = _graph.Node("is_long", s_greater, [total, _graph.Initializer("end_of_table", ElementType.Int32, [], BitConverter.GetBytes(end))]);
            cos = _graph.Node("cos_table", s_where, [isLong, longCos, cos]);
            sin = _graph.Node("sin_table", s_where, [isLong, longSin, sin]);
        }

        string state = _graph.Node("embed", OpNames.Gather, [Weight("embedding", 1, _vocabulary, Hidden), ids]);
        for (int layer = 0; layer < Layers; layer++) state = Layer(layer, state, lengths, total, cos, sin);
        state = Norm("final", state);
        if (logitsFrom)
        {
            string from = _graph.OverridableInt64s("logits_from", 0);
            state = _graph.Node("from", OpNames.Slice, [state, from, _graph.Int64s("end", int.MaxValue), _graph.Int64s("axis", 1)]);
        }

        _graph.Node("head", OpNames.FusedMatMul, [state, Weight("head_weight", 3, _vocabulary, Hidden)], ["logits"], NodeAttribute.Int("transB", 1));
        _graph.Output("logits", _type, "rows", "positions", _vocabulary);
    }

    private (string Lengths, string Total) Lengths(string mask)
    {
        string counts = _graph.Node("counts", OpNames.ReduceSum, [mask, _graph.Int64s("one_axis", 1)], NodeAttribute.Int("keepdims", 0));
        string lengths = _graph.Node("lengths", OpNames.Sub, [counts, _graph.Int64("one", 1)]);
        string shape = _graph.Node("shape", OpNames.Shape, [mask]);
        string total = _graph.Node("total", OpNames.Gather, [shape, _graph.Int64("one_index", 1)], NodeAttribute.Int("axis", 0));
        return (Cast("lengths32", lengths), Cast("total32", total));
    }

    private string Cast(string name, string value) =>
        _graph.Node(name, OpNames.Cast, [value], NodeAttribute.Int("to", (long)ElementType.Int32));

    private (string Cos, string Sin) Rotary(string name, float factor)
    {
        float[] cos = new float[_context * HeadDim / 2];
        float[] sin = new float[cos.Length];
        for (int i = 0; i < cos.Length; i++) (sin[i], cos[i]) = MathF.SinCos(factor * (i / (HeadDim / 2)) * MathF.Pow(10000, -2f * (i % (HeadDim / 2)) / HeadDim));
        return (Table("cos" + name, cos, _context, HeadDim / 2), Table("sin" + name, sin, _context, HeadDim / 2));
    }

    private string Layer(int layer, string state, string lengths, string total, string cos, string sin)
    {
        int? window = WindowOf(layer);
        string past = window is null ? "past_sequence_length" : "past_sliding_length";
        string key = _graph.Input($"past_key_values.{layer}.key", _type, "rows", KvHeads, past, HeadDim);
        string value = _graph.Input($"past_key_values.{layer}.value", _type, "rows", KvHeads, past, HeadDim);
        string[] qkv = Qkv(layer, Norm($"before{layer}", state), cos, sin);
        _graph.Node(
            $"attention{layer}",
            OpNames.GroupQueryAttention,
            [.. qkv, key, value, lengths, total, _rotaryOutside ? "" : cos, _rotaryOutside ? "" : sin],
            [$"attended{layer}", $"present.{layer}.key", $"present.{layer}.value"],
            NodeAttribute.Int("num_heads", Heads),
            NodeAttribute.Int("kv_num_heads", KvHeads),
            NodeAttribute.Int("do_rotary", _rotaryOutside ? 0 : 1),
            NodeAttribute.Int("local_window_size", window ?? -1),
            NodeAttribute.Int("sliding_window_cache", window is null ? 0 : 1));
        string present = window is null ? "total_sequence_length" : "total_sliding_length";
        _graph.Output($"present.{layer}.key", _type, "rows", KvHeads, present, HeadDim);
        _graph.Output($"present.{layer}.value", _type, "rows", KvHeads, present, HeadDim);
        state = Add($"attention_sum{layer}", state, Product($"out{layer}", $"attended{layer}", Heads * HeadDim, Hidden));
        string up = Product($"up{layer}", Norm($"after{layer}", state), Hidden, FeedForward);
        string active = _graph.Node($"activation{layer}", OpNames.QuickGelu, [up], NodeAttribute.Float("alpha", 1));
        return Add($"feed_forward_sum{layer}", state, Product($"down{layer}", active, FeedForward, Hidden));
    }

    /// <summary>Queries, keys and values: in one tensor, or each in its own with the first two rotated.</summary>
    private string[] Qkv(int layer, string state, string cos, string sin)
    {
        const int Rows = (Heads + (2 * KvHeads)) * HeadDim;
        if (!_rotaryOutside) return [Product($"qkv{layer}", state, Hidden, Rows), "", ""];
        float[] weight = Random($"qkv{layer}_weight", 1, Rows, Hidden);
        int at = 0;
        string[] parts = [.. new[] { ("q", Heads), ("k", KvHeads), ("v", KvHeads) }.Select(part =>
        {
            int rows = part.Item2 * HeadDim;
            string name = Table($"{part.Item1}{layer}_weight", weight[(at * Hidden)..((at + rows) * Hidden)], rows, Hidden);
            at += rows;
            return _graph.Node($"{part.Item1}{layer}", OpNames.FusedMatMul, [state, name], NodeAttribute.Int("transB", 1));
        })];
        for (int i = 0; i < 2; i++) parts[i] = _graph.Node($"rotary{layer}_{i}", OpNames.RotaryEmbedding, [parts[i], "position_ids", cos, sin]);
        return parts;
    }

    private string Add(string name, string a, string b) => _graph.Node(name, OpNames.Add, [a, b]);

    private string Product(string name, string value, int from, int to) =>
        _graph.Node(name, OpNames.FusedMatMul, [value, Weight(name + "_weight", 1, to, from)], NodeAttribute.Int("transB", 1));

    private string Norm(string name, string value) => _graph.Node(
        name + "_norm",
        OpNames.SimplifiedLayerNormalization,
        [value, Weight(name + "_gain", 1, Hidden)],
        NodeAttribute.Int("axis", -1),
        NodeAttribute.Float("epsilon", 1e-5f));

    private string Weight(string name, float scale, params long[] shape) => Table(name, Random(name, scale, shape), shape);

    private float[] Random(string name, float scale, params long[] shape)
    {
        float[] data = new float[shape.Aggregate((a, b) => a * b)];
        float spread = shape.Length == 1 ? 1 : scale / MathF.Sqrt(shape[^1]);
        for (int i = 0; i < data.Length; i++) data[i] = spread * 2 * (_random.NextSingle() - 0.5f);
        if (_type == ElementType.Float16) data = [.. data.Select(value => (float)(Half)value)];
        return _weights[name] = data;
    }

    private string Table(string name, float[] data, params long[] shape) => _type == ElementType.Float16
        ? _graph.Initializer(name, _type, shape, MemoryMarshal.AsBytes<Half>(data.Select(value => (Half)value).ToArray()))
        : _graph.Initializer(name, _type, shape, MemoryMarshal.AsBytes<float>(data));
}
