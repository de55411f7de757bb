namespace Onnx.Llama.Kernels.Weights;

/// <summary>An initializer of a rewritten graph that stands in its data file.</summary>
/// <param name="name">Its name.</param>
/// <param name="bytes">Its length.</param>
internal abstract class WeightPiece(string name, long bytes)
{
    public string Name => name;

    public long Bytes => bytes;

    /// <summary>Makes it.</summary>
    /// <param name="reader">Where the original weights are.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="offset">At which place.</param>
    /// <param name="progress">Told of bytes as they are written.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public abstract void Write(TensorReader reader, IWeightTarget target, long offset, Action<long> progress, CancellationToken cancellationToken);
}
