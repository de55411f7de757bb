using Onnx.Llama.Kernels.Native;
using Onnx.Llama.Kernels.Products;

namespace Onnx.Llama.Kernels.Operators;

/// <summary>A packed matrix among a node's constants.</summary>
/// <param name="Data">Its bytes, as long as the session lives.</param>
/// <param name="Shape">Its layout.</param>
/// <param name="Range">How its scales are kept.</param>
internal readonly unsafe record struct PackedWeights(nint Data, PackedMatrix Shape, ScaleRange Range)
{
    private const int LargestSide = 1 << 28;
    private const int VectorBytes = 64;

    public byte* Bytes => (byte*)Data;

    /// <summary>Reads and checks a node's weights.</summary>
    /// <exception cref="KernelException">Attributes and bytes do not fit each other.</exception>
    public static PackedWeights Read(KernelInfo info, int input)
    {
        QuantFormat format = new(info.Size(ProductAttributes.Bits, 4, 8), info.Size(ProductAttributes.Block, 32, 256), info.Flag(ProductAttributes.Asymmetric));
        if (!format.IsSupported) throw new KernelException("QuantProduct", $"the weights are {format}; expected 4 or 8 bits in blocks of 32, 64, 128 or 256.");
        PackedMatrix shape = new(
            format, info.Size(ProductAttributes.N, 1, LargestSide), info.Size(ProductAttributes.K, 1, LargestSide), info.Size(ProductAttributes.Lanes, 4, 16));
        ScaleRange range = new(info.Size(ProductAttributes.ScaleExponent, ScaleRange.Least, ScaleRange.Most));
        int matrices = GateNames.Parse(info.Text(ProductAttributes.Gate)) == Gate.None ? 1 : 2;
        TensorView bytes = info.Constant(input);
        if (bytes.Count != matrices * shape.Bytes)
        {
            throw new KernelException("QuantProduct", $"the packed weights have {bytes.Count} bytes; expected {matrices * shape.Bytes} for {shape}.");
        }

        return (nint)bytes.Data % VectorBytes == 0
            ? new PackedWeights((nint)bytes.Data, shape, range)
            : throw new KernelException("QuantProduct", $"the packed weights begin at an address that is no multiple of {VectorBytes}.");
    }
}
