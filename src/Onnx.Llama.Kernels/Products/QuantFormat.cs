namespace Onnx.Llama.Kernels.Products;

/// <summary>How a matrix is quantised: a block of consecutive elements of a row shares a scale, as MatMulNBits has it.</summary>
/// <param name="Bits">4 or 8.</param>
/// <param name="Block">Elements of a block: 32, 64, 128 or 256.</param>
/// <param name="Asymmetric">Whether each block has a zero point of its own; if not, it is 8 or 128.</param>
internal readonly record struct QuantFormat(int Bits, int Block, bool Asymmetric)
{
    /// <summary>The zero point where no block has its own.</summary>
    public int ZeroPoint => 1 << (Bits - 1);

    /// <summary>Whether there are kernels for it.</summary>
    public bool IsSupported => Bits is 4 or 8 && Block is 32 or 64 or 128 or 256;
}
