using Onnx.Llama.Graph;
using Onnx.Llama.Graph.Proto;
using Onnx.Llama.Kernels.Dense;
using Onnx.Llama.Kernels.Operators;
using Onnx.Llama.Kernels.Products;
using Onnx.Llama.Kernels.Weights;

namespace Onnx.Llama.Kernels.Rewriting;

/// <summary>
/// Products with constant weights that are not quantised become <see cref="DenseProductOperator"/>, and lookups in the same weights
/// <see cref="DenseGatherOperator"/>, so that 16-bit weights stay 16-bit in memory, and one copy of them:
/// <code>
/// weights [N, K] (─ Cast to float32) ─ FusedMatMul with transB ─ y
/// weights [N, K] ─ Gather over rows (─ Cast to float32) ─ y
/// </code>
/// </summary>
internal static class DenseRewrite
{
    public static void Apply(RewriteContext context)
    {
        foreach (NodeProto node in context.Graph.Nodes.Where(node => node.IsMicrosoft("FusedMatMul"))) RewriteProduct(context, node);
        foreach (NodeProto node in context.Graph.Nodes.Where(node => node.Is(OpNames.Gather))) RewriteGather(context, node);
    }

    private static void RewriteProduct(RewriteContext context, NodeProto node)
    {
        bool plain = node.Integer("transA") == 0 && node.Integer("transB") == 1 && node.Single("alpha", 1) == 1
            && node.Integer("transBatchA") == 0 && node.Integer("transBatchB") == 0;
        NodeProto? cast = context.Graph.Producer(node.InputOr(1)) is { } producer && producer.Is(OpNames.Cast) ? producer : null;
        if (!plain || node.InputOr(0).Length == 0 || Weights(context, cast?.InputOr(0) ?? node.InputOr(1)) is not { } tensor) return;
        if (cast is null ? tensor.DataType != (int)DenseType.Float32 : cast.Integer("to") != (int)ElementType.Float) return;
        DensePiece piece = Pack(context, tensor);
        NodeProto product = NodeWriting.Create(DenseProductOperator.OperatorName, node, [node.Input[0], piece.Name], [node.OutputOr(0)]);
        context.Graph.Replace(Describe(product, piece), node);
        if (cast is not null && !context.Graph.IsUsed(cast.Output[0])) context.Graph.Remove(cast);
    }

    /// <summary>Only where a product has packed the same weights: else the file's own do as well.</summary>
    private static void RewriteGather(RewriteContext context, NodeProto node)
    {
        if (node.Integer("axis") != 0 || !context.Graph.IsInt64(node.InputOr(1))) return;
        if (Weights(context, node.InputOr(0)) is not { } tensor || Packed(context, tensor) is not { } piece) return;
        NodeProto? cast = context.Graph.IsUsedOnce(node.OutputOr(0))
            ? context.Graph.Nodes.FirstOrDefault(
                user => user.Is(OpNames.Cast) && user.InputOr(0) == node.OutputOr(0) && user.Integer("to") == (int)ElementType.Float)
            : null;
        if (cast is null && piece.Shape.Type != DenseType.Float32) return;
        NodeProto gather = NodeWriting.Create(DenseGatherOperator.OperatorName, node, [node.Input[1], piece.Name], [(cast ?? node).OutputOr(0)]);
        if (cast is null) context.Graph.Replace(Describe(gather, piece), node);
        else context.Graph.Replace(Describe(gather, piece), node, cast);
    }

    private static TensorProto? Weights(RewriteContext context, string name) =>
        context.Graph.Constant(name) is { Dims.Count: 2 } tensor && Enum.IsDefined((DenseType)tensor.DataType) && TensorReader.IsReadable(tensor)
        && tensor.Dims.All(length => length is > 0 and < int.MaxValue) ? tensor : null;

    private static DensePiece? Packed(RewriteContext context, TensorProto tensor) =>
        context.Pieces.OfType<DensePiece>().FirstOrDefault(piece =>
            piece.Tensor.DataType == tensor.DataType && piece.Tensor.Dims.Equals(tensor.Dims)
                && context.Reader.Identity(piece.Tensor) == context.Reader.Identity(tensor));

    private static DensePiece Pack(RewriteContext context, TensorProto tensor)
    {
        if (Packed(context, tensor) is { } same) return same;
        DenseMatrix shape = new((DenseType)tensor.DataType, (int)tensor.Dims[0], (int)tensor.Dims[1], ProductForms.Lanes(context.Form));

        // A copy, since the original may stay in the graph, where it is told of another place.
        DensePiece piece = new(context.Graph.FreeName($"{tensor.Name}.packed"), shape, tensor.Clone());
        context.Add(piece);
        return piece;
    }

    private static NodeProto Describe(NodeProto node, DensePiece piece)
    {
        piece.AddUser(node);
        return node
            .With(ProductAttributes.N, piece.Shape.N)
            .With(ProductAttributes.K, piece.Shape.K)
            .With(ProductAttributes.Type, (int)piece.Shape.Type)
            .With(ProductAttributes.Lanes, piece.Shape.Lanes);
    }
}
