using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Weights;

/// <summary>A matrix of float32 [rows, columns] that is made a few rows at a time, so that no whole tensor is ever in memory. Thread-safe.</summary>
internal abstract class RowSource
{
    /// <summary>Number of rows.</summary>
    public abstract long Rows { get; }

    /// <summary>Length of a row.</summary>
    public abstract int Columns { get; }

    /// <summary>The checkpoint's tensors that it is made of.</summary>
    public abstract IEnumerable<TensorInfo> Tensors { get; }

    /// <summary>Makes the rows from <paramref name="first"/> on, as many as <paramref name="destination"/> holds.</summary>
    public abstract void Read(long first, Span<float> destination);
}
