namespace Onnx.Llama.Kernels.Dense;

/// <summary>
/// How the kernels keep a matrix [N, K] that is not quantised: rows are interleaved by as many as a vector has lanes, two columns at a time.
/// <code>
/// 16 bits: for columns 2i and 2i+1, of each row its two elements, the first in the lower half of 32 bits
/// 32 bits: column 2i of each row, then column 2i+1 of each row
/// </code>
/// N is rounded up to whole groups and K to even. Float16 is kept as <see cref="Products.ScaleRange"/> keeps scales, which is exact but for what is below 2^-29 of
/// the greatest element.
/// </summary>
/// <param name="Type">The elements.</param>
/// <param name="N">Rows: outputs of the product.</param>
/// <param name="K">Columns: inputs of the product.</param>
/// <param name="Lanes">Rows in a group.</param>
internal readonly record struct DenseMatrix(DenseType Type, int N, int K, int Lanes)
{
    public int ElementBytes => Type == DenseType.Float32 ? 4 : 2;

    public int Groups => (N + Lanes - 1) / Lanes;

    /// <summary>Bytes of two columns of a group.</summary>
    public int PairBytes => 2 * ElementBytes * Lanes;

    public long GroupBytes => (long)((K + 1) / 2) * PairBytes;

    public long Bytes => Groups * GroupBytes;
}
