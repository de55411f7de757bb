using Microsoft.ML.OnnxRuntime.Tensors;

namespace Onnx.Llama.Decoding;

/// <summary>Where keys and values lie: the memory of the device that the graph runs on.</summary>
internal abstract class KvMemory : IDisposable
{
    /// <summary>
    /// Whether it is the host's: then rows share buffers and can be moved, and the graph's inputs are read where they lie at each run. A device's memory is
    /// not addressed here: each sequence has buffers of its own, and inputs are bound anew for each run, since ONNX Runtime copies them when they are bound.
    /// </summary>
    public abstract bool IsHost { get; }

    /// <summary>Room for keys, or values, of one layer.</summary>
    /// <exception cref="ModelException">There is not so much.</exception>
    public abstract KvBuffer Take(KvLayer layer, TensorElementType type, int rows, int capacity);

    /// <summary>Gives up the memory, after all buffers.</summary>
    public abstract void Dispose();
}
