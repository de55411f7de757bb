namespace Onnx.Llama.Kernels.Dense;

/// <summary>Reads weights of one type as float32 vectors.</summary>
/// <typeparam name="TVector">Vector128, Vector256 or Vector512 of float.</typeparam>
internal unsafe interface IDenseWeights<TVector>
    where TVector : struct
{
    /// <summary>Bytes of two columns.</summary>
    public static abstract int PairBytes { get; }

    /// <summary>Two columns of a group's rows.</summary>
    /// <param name="pair">Where they lie.</param>
    /// <param name="factor">What float16's bits are multiplied with, <see cref="Products.ScaleRange.Factor"/>.</param>
    /// <param name="odd">The second column.</param>
    /// <returns>The first column.</returns>
    public static abstract TVector Read(byte* pair, float factor, out TVector odd);
}
