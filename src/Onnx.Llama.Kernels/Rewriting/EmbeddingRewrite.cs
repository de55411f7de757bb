using Onnx.Llama.Graph.Proto;
using Onnx.Llama.Kernels.Operators;
using Onnx.Llama.Kernels.Products;
using Onnx.Llama.Kernels.Weights;

namespace Onnx.Llama.Kernels.Rewriting;

/// <summary>
/// An embedding that shares its bytes with the head reads the head's packed weights, so that there is one copy of them. One with bytes of its own stays
/// stock: of its file only the rows that are looked up are ever read.
/// </summary>
internal static class EmbeddingRewrite
{
    public static void Apply(RewriteContext context)
    {
        foreach (NodeProto node in context.Graph.Nodes.Where(node => node.IsMicrosoft("GatherBlockQuantized")))
        {
            if (Head(context, node) is not { } piece) continue;
            NodeProto gather = NodeWriting.Create(QuantGatherOperator.OperatorName, node, [node.Input[1], piece.Name], [node.OutputOr(0)]);
            context.Graph.Replace(RewriteContext.Describe(gather, piece, Gate.None), node);
        }
    }

    private static ProductPiece? Head(RewriteContext context, NodeProto node)
    {
        GraphEditor graph = context.Graph;
        if (node.Integer("gather_axis") != 0 || node.Integer("quantize_axis", 1) != 1 || !graph.IsInt64(node.InputOr(1))) return null;
        if (graph.Constant(node.InputOr(0)) is not { } data) return null;
        if (graph.Constant(node.InputOr(2)) is not { DataType: (int)Onnx.Llama.Graph.ElementType.Float } scales) return null;
        string codes = context.Reader.Identity(data);
        ProductPiece? piece = context.Pieces.OfType<ProductPiece>().FirstOrDefault(piece => !piece.IsGated && context.Reader.Identity(piece.Tensors.Codes) == codes);
        if (piece is null || context.Reader.Identity(piece.Tensors.Scales) != context.Reader.Identity(scales)) return null;
        QuantFormat format = piece.Tensors.Format;
        if (node.Integer("bits", 4) != format.Bits || node.Integer("block_size", 128) != format.Block) return null;
        return HasZeroPoints(context, node.InputOr(3), piece.Tensors) ? piece : null;
    }

    private static bool HasZeroPoints(RewriteContext context, string name, QuantizedTensors head)
    {
        if (name.Length == 0) return head.ZeroPoints is null;
        if (context.Graph.Constant(name) is not { } tensor || !TensorReader.IsReadable(tensor) || TensorReader.Length(tensor) != head.N * head.ZeroPointBytes) return false;
        if (head.ZeroPoints is { } own && context.Reader.Identity(own) == context.Reader.Identity(tensor)) return true;
        byte[] found = Read(context.Reader, tensor);
        if (head.ZeroPoints is not null) return found.AsSpan().SequenceEqual(Read(context.Reader, head.ZeroPoints));

        // Behind the last of an odd number of 4-bit zero points stands anything.
        bool odd = head.Format.Bits == 4 && head.Blocks % 2 == 1;
        byte point = (byte)head.Format.ZeroPoint;
        byte whole = head.Format.Bits == 4 ? (byte)(point | (point << 4)) : point;
        for (int i = 0; i < found.Length; i++)
        {
            bool last = odd && (i + 1) % head.ZeroPointBytes == 0;
            if (last ? (found[i] & 15) != point : found[i] != whole) return false;
        }

        return true;
    }

    private static byte[] Read(TensorReader reader, TensorProto tensor)
    {
        byte[] bytes = new byte[TensorReader.Length(tensor)];
        reader.Read(tensor, 0, bytes);
        return bytes;
    }
}
