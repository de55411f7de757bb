namespace Onnx.Llama.Kernels.Products.Lanes;

/// <summary>
/// A float16's bits, sign-extended to 32, moved into the places of a float32: exponents come out 112 too small, which <see cref="ScaleRange.Factor"/> undoes.
/// .NET has no vector conversion from float16.
/// </summary>
internal static class HalfBits
{
    /// <summary>From float16's mantissa of 10 bits to float32's of 23.</summary>
    public const int Shift = 13;

    /// <summary>Keeps sign, exponent and mantissa, drops the copies of the sign.</summary>
    public const int Mask = unchecked((int)0x8FFFE000);
}
