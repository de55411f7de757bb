using Onnx.Llama.Graph.Proto;
using Onnx.Llama.Kernels.Products;
using Onnx.Llama.Kernels.Weights;

namespace Onnx.Llama.Kernels.Rewriting;

/// <summary>Recognises products with quantised weights: MatMulNBits in float32, which may round activations to 8 bits, with constant weights and neither bias nor
/// g_idx.</summary>
internal static class StockProduct
{
    private const string Type = "MatMulNBits";

    /// <summary>The accuracy_level that allows activations to be rounded to 8 bits; others ask for more.</summary>
    private const int Int8Activations = 4;

    /// <summary>Attributes that are read here or matter to speed alone; another, such as one of a weight's own layout, may change what is computed.</summary>
    private static readonly HashSet<string> s_attributes = new(StringComparer.Ordinal) { "K", "N", "bits", "block_size", "accuracy_level" };

    /// <summary>The weights of a node; null where it is another operator, or of a kind that stays stock.</summary>
    public static QuantizedTensors? Read(NodeProto node, GraphEditor graph)
    {
        if (!node.IsMicrosoft(Type) || node.InputOr(4).Length > 0 || node.InputOr(5).Length > 0) return null;
        if (node.InputOr(0).Length == 0 || node.OutputOr(0).Length == 0 || !node.Attribute.All(attribute => s_attributes.Contains(attribute.Name))) return null;
        string zeroPoints = node.InputOr(3);
        if (graph.Constant(node.InputOr(1)) is not { } codes || graph.Constant(node.InputOr(2)) is not { } scales) return null;
        if (zeroPoints.Length > 0 && graph.Constant(zeroPoints) is null) return null;
        QuantFormat format = new((int)node.Integer("bits", 4), (int)node.Integer("block_size"), zeroPoints.Length > 0);
        long n = node.Integer("N");
        long k = node.Integer("K");
        if (node.Integer("accuracy_level") != Int8Activations || !format.IsSupported || n is < 1 or > int.MaxValue || k is < 1 or > int.MaxValue) return null;

        // Copies, since the originals may stay in the graph, where they are told of another place.
        QuantizedTensors tensors = new(format, (int)n, (int)k, codes.Clone(), scales.Clone(), graph.Constant(zeroPoints)?.Clone());
        return tensors.Fits() ? tensors : null;
    }
}
