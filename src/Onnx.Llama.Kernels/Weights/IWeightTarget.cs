namespace Onnx.Llama.Kernels.Weights;

/// <summary>Where packed weights go: a cache entry's file, or memory.</summary>
internal interface IWeightTarget
{
    /// <summary>Writes bytes at a place; places come in rising order.</summary>
    public void Write(long offset, ReadOnlySpan<byte> bytes);
}
