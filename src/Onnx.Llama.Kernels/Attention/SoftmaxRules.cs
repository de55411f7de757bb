namespace Onnx.Llama.Kernels.Attention;

/// <summary>What happens to scores on their way to weights.</summary>
internal unsafe struct SoftmaxRules
{
    /// <summary>Factor of the dot products; 0: 1 / sqrt(headSize).</summary>
    public float Scale;

    /// <summary>Scores become cap * tanh(score / cap); 0: none.</summary>
    public float Softcap;

    /// <summary>A query sees as many keys, its own included; 0 or less: all before it.</summary>
    public int Window;

    /// <summary>float32 [heads]: a score for each head that takes weight and brings no value; null: none.</summary>
    public float* Sinks;

    /// <summary>Every head has a sink of 0, unless <see cref="Sinks"/> gives others.</summary>
    public bool Smooth;

    /// <summary>Heads have a sink.</summary>
    public readonly bool HasSink => Smooth || Sinks != null;

    /// <summary>A head's sink, where heads have one.</summary>
    public readonly float Sink(int head) => Sinks == null ? 0 : Sinks[head];

    /// <summary>The factor of dot products.</summary>
    public readonly float Factor(int headSize) => Scale == 0 ? 1 / MathF.Sqrt(headSize) : Scale;

    /// <summary>The first key that the query at this index of the cache sees.</summary>
    public readonly int FirstKey(int query) => Window > 0 ? Math.Max(0, query + 1 - Window) : 0;
}
