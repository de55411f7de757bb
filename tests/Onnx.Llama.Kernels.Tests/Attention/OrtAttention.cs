using Onnx.Llama.Graph;

namespace Onnx.Llama.Kernels.Tests.Attention;

/// <summary>com.microsoft.GroupQueryAttention of ONNX Runtime: a right-padded prompt of all rows, then one token of each row at a time.</summary>
internal sealed class OrtAttention : IDisposable
{
    private readonly AttentionInput _input;
    private readonly OrtNode _node;
    private readonly int _capacity;
    private float[] _keys;
    private float[] _values;

    public OrtAttention(AttentionInput input)
    {
        _input = input;
        (ElementType, int) cache = (ElementType.Float, 4), one = (ElementType.Int32, 1), absent = (ElementType.Float, -1);
        (ElementType, int) turns = input.RotarySize > 0 ? (ElementType.Float, 2) : absent;
        (ElementType, int) sinks = input.Sinks == null ? absent : (ElementType.Float, 1);
        _node = new OrtNode(
            OpNames.GroupQueryAttention,
            [(ElementType.Float, 3), absent, absent, cache, cache, one, one, turns, turns, absent, absent, sinks],
            [true, true, true],
            NodeAttribute.Int("num_heads", input.Heads),
            NodeAttribute.Int("kv_num_heads", input.KvHeads),
            NodeAttribute.Float("scale", input.Scale),
            NodeAttribute.Float("softcap", input.Softcap),
            NodeAttribute.Int("local_window_size", input.Window > 0 ? input.Window : -1),
            NodeAttribute.Int("smooth_softmax", input.Smooth ? 1 : 0),
            NodeAttribute.Int("do_rotary", input.RotarySize > 0 ? 1 : 0),
            NodeAttribute.Int("rotary_interleaved", input.Interleaved ? 1 : 0));
        _capacity = input.Lengths.Max();
        _keys = new float[input.Lengths.Length * input.KvHeads * _capacity * input.HeadSize];
        _values = [.. _keys];
    }

    /// <summary>Outputs of a step, [rows, tokens, heads * headSize].</summary>
    /// <param name="packed">[rows, tokens, (heads + 2 * kvHeads) * headSize].</param>
    /// <param name="tokens">New tokens, padding included.</param>
    /// <param name="totals">Tokens of each row after the step.</param>
    public float[] Step(float[] packed, int tokens, int[] totals)
    {
        long rows = totals.Length;
        int[] last = [.. totals.Select(total => total - 1)];
        int half = _input.RotarySize / 2;
        long[] cache = [rows, _input.KvHeads, _capacity, _input.HeadSize];
        List<Microsoft.ML.OnnxRuntime.OrtValue> values =
        [
            OrtNode.Tensor(packed, rows, tokens, _input.TokenWidth), OrtNode.Tensor(_keys, cache), OrtNode.Tensor(_values, cache),
            OrtNode.Tensor(last, rows), OrtNode.Tensor([totals.Max()], 1),
        ];
        if (half > 0) values.AddRange([OrtNode.Tensor(_input.Cos, _capacity, half), OrtNode.Tensor(_input.Sin, _capacity, half)]);
        if (_input.Sinks is { } sinks) values.Add(OrtNode.Tensor(sinks, sinks.Length));
        float[][] results = _node.Run([.. values]);
        (_keys, _values) = (results[1], results[2]);
        return results[0];
    }

    public void Dispose() => _node.Dispose();
}
