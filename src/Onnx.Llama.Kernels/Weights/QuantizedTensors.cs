using Onnx.Llama.Graph.Proto;
using Onnx.Llama.Kernels.Products;

namespace Onnx.Llama.Kernels.Weights;

/// <summary>A quantised matrix among a graph's initializers.</summary>
/// <param name="Format">Its blocks.</param>
/// <param name="N">Rows.</param>
/// <param name="K">Columns.</param>
/// <param name="Codes">uint8 [N, blocks, block * bits / 8].</param>
/// <param name="Scales">float32 [N, blocks].</param>
/// <param name="ZeroPoints">uint8 [N, ceil(blocks * bits / 8)]; null for the format's.</param>
internal sealed record QuantizedTensors(QuantFormat Format, int N, int K, TensorProto Codes, TensorProto Scales, TensorProto? ZeroPoints)
{
    public int Blocks => (K + Format.Block - 1) / Format.Block;

    /// <summary>Bytes of the codes of a row.</summary>
    public long CodeBytes => (long)Blocks * Format.Block * Format.Bits / 8;

    /// <summary>Bytes of the zero points of a row.</summary>
    public long ZeroPointBytes => ((Blocks * Format.Bits) + 7) / 8;

    /// <summary>Whether all tensors are as long as they must be, and can be read.</summary>
    public bool Fits() => Is(Codes, 2, N * CodeBytes) && Is(Scales, 1, (long)N * Blocks * sizeof(float)) && (ZeroPoints is null || Is(ZeroPoints, 2, N * ZeroPointBytes));

    private static bool Is(TensorProto tensor, int type, long bytes) => tensor.DataType == type && TensorReader.IsReadable(tensor) && TensorReader.Length(tensor) == bytes;
}
