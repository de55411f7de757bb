using Onnx.Llama.Kernels.Dense;
using Onnx.Llama.Kernels.Native;
using Onnx.Llama.Kernels.Products;

namespace Onnx.Llama.Kernels.Operators;

/// <summary>A packed matrix that is not quantised, among a node's constants.</summary>
/// <param name="Data">Its bytes, as long as the session lives.</param>
/// <param name="Shape">Its layout.</param>
/// <param name="Range">How float16 is kept.</param>
internal readonly unsafe record struct DenseWeightsInput(nint Data, DenseMatrix Shape, ScaleRange Range)
{
    private const int LargestSide = 1 << 28;

    public byte* Bytes => (byte*)Data;

    /// <summary>Reads and checks a node's weights.</summary>
    /// <exception cref="KernelException">Attributes and bytes do not fit each other.</exception>
    public static DenseWeightsInput Read(KernelInfo info, int input)
    {
        var type = (DenseType)info.Size(ProductAttributes.Type, 1, 16);
        if (!Enum.IsDefined(type)) throw new KernelException("DenseProduct", $"the weights are of type {(int)type}; expected 1, 10 or 16 (float32, float16, bfloat16).");
        DenseMatrix shape = new(
            type, info.Size(ProductAttributes.N, 1, LargestSide), info.Size(ProductAttributes.K, 1, LargestSide), info.Size(ProductAttributes.Lanes, 4, 16));
        TensorView bytes = info.Constant(input);
        return bytes.Count == shape.Bytes
            ? new DenseWeightsInput((nint)bytes.Data, shape, new ScaleRange(info.Size(ProductAttributes.ScaleExponent, ScaleRange.Least, ScaleRange.Most)))
            : throw new KernelException("DenseProduct", $"the packed weights have {bytes.Count} bytes; expected {shape.Bytes} for {shape}.");
    }
}
