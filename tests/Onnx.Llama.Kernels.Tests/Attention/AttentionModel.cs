using Microsoft.ML.OnnxRuntime;
using Onnx.Llama.Graph;
using Onnx.Llama.Kernels.Rewriting;

namespace Onnx.Llama.Kernels.Tests.Attention;

/// <summary>GroupQueryAttention alone in a graph, played step by step as it is or through the kernels. Caches go in and out, or stay in one place.</summary>
internal sealed class AttentionModel : IDisposable
{
    private readonly AttentionInput _input;
    private readonly SmallModel _model = new();
    private readonly KernelGraph? _graph;
    private readonly InferenceSession _session;
    private readonly int _capacity;
    private readonly bool _inPlace;
    private float[] _keys;
    private float[] _values;

    /// <param name="input">The texts.</param>
    /// <param name="capacity">Tokens of the caches.</param>
    /// <param name="kernels">Whether the kernels run it.</param>
    /// <param name="slides">Whether the caches keep the window alone.</param>
    /// <param name="inPlace">Whether past and present are the same memory.</param>
    public AttentionModel(AttentionInput input, int capacity, bool kernels, bool slides = false, bool inPlace = false)
    {
        (_input, _capacity, _inPlace) = (input, capacity, inPlace);
        Build(slides);
        string file = _model.Save();
        using SessionOptions options = ModelRun.Options();
        _graph = kernels ? ModelRun.Prepare(file) : null;
        _session = _graph?.Open(options) ?? new InferenceSession(file, options);
        _keys = new float[input.Lengths.Length * input.KvHeads * capacity * input.HeadSize];
        _values = [.. _keys];
    }

    public KernelReport Report => _graph!.Report;

    /// <summary>Outputs of each row, [tokens, heads * headSize], after steps of so many new tokens of each row.</summary>
    public float[][] Play(IEnumerable<int[]> steps)
    {
        int[] done = new int[_input.Lengths.Length];
        float[][] outputs = [.. _input.Lengths.Select(length => new float[length * Width])];
        foreach (int[] step in steps)
        {
            float[] packed = _input.Part(done, step, 0);
            for (int row = 0; row < step.Length; row++) done[row] += step[row];
            float[] output = Step(packed, step.Max(), done);
            for (int row = 0; row < step.Length; row++)
            {
                output.AsSpan(row * step.Max() * Width, step[row] * Width).CopyTo(outputs[row].AsSpan((done[row] - step[row]) * Width));
            }
        }

        return outputs;
    }

    public void Dispose()
    {
        _session.Dispose();
        _graph?.Dispose();
        _model.Dispose();
    }

    private int Width => _input.Heads * _input.HeadSize;

    private float[] Step(float[] packed, int tokens, int[] totals)
    {
        long rows = totals.Length;
        long[] shape = [rows, _input.KvHeads, _capacity, _input.HeadSize];
        int[] last = [.. totals.Select(total => total - 1)];
        float[] output = new float[rows * tokens * Width];
        (float[] Keys, float[] Values) present = _inPlace ? (_keys, _values) : (new float[_keys.Length], new float[_values.Length]);
        using OrtIoBinding binding = _session.CreateIoBinding();
        using Feed feed = new Feed()
            .With("qkv", packed, rows, tokens, _input.TokenWidth)
            .With("past_keys", _keys, shape)
            .With("past_values", _values, shape)
            .With("last", last, rows)
            .With("total", [totals.Max()], 1);
        using Feed results = new Feed().With("y", output, rows, tokens, Width).With("keys", present.Keys, shape).With("values", present.Values, shape);
        foreach ((string name, OrtValue value) in feed.Values) binding.BindInput(name, value);
        foreach ((string name, OrtValue value) in results.Values) binding.BindOutput(name, value);
        using RunOptions options = new();
        _session.RunWithBinding(options, binding);
        (_keys, _values) = present;
        return output;
    }

    private void Build(bool slides)
    {
        GraphBuilder graph = _model.Graph;
        int half = _input.RotarySize / 2;
        Dimension[] cache = ["rows", _input.KvHeads, "capacity", _input.HeadSize];
        List<string> inputs =
        [
            graph.Input("qkv", ElementType.Float, "rows", "tokens", _input.TokenWidth), "", "",
            graph.Input("past_keys", ElementType.Float, cache), graph.Input("past_values", ElementType.Float, cache),
            graph.Input("last", ElementType.Int32, "rows"), graph.Input("total", ElementType.Int32, 1),
        ];
        long positions = half == 0 ? 0 : _input.Cos.Length / half;
        inputs.AddRange(half == 0 ? ["", ""] : [_model.Floats("cos", [positions, half], _input.Cos), _model.Floats("sin", [positions, half], _input.Sin)]);
        if (_input.Sinks is { } sinks) inputs.AddRange(["", "", _model.Floats("sinks", [sinks.Length], sinks)]);
        while (inputs[^1].Length == 0) inputs.RemoveAt(inputs.Count - 1);
        List<NodeAttribute> attributes =
        [
            NodeAttribute.Int("num_heads", _input.Heads), NodeAttribute.Int("kv_num_heads", _input.KvHeads),
            NodeAttribute.Float("scale", _input.Scale), NodeAttribute.Float("softcap", _input.Softcap),
            NodeAttribute.Int("local_window_size", _input.Window > 0 ? _input.Window : -1),
            NodeAttribute.Int("smooth_softmax", _input.Smooth ? 1 : 0),
            NodeAttribute.Int("do_rotary", half > 0 ? 1 : 0), NodeAttribute.Int("rotary_interleaved", _input.Interleaved ? 1 : 0),
        ];
        if (slides) attributes.Add(NodeAttribute.Int("sliding_window_cache", 1));
        graph.Node("attention", OpNames.GroupQueryAttention, [.. inputs], ["y", "keys", "values"], [.. attributes]);
        graph.Output("y", ElementType.Float, "rows", "tokens", Width);
        graph.Output("keys", ElementType.Float, cache);
        graph.Output("values", ElementType.Float, cache);
    }
}
