using Onnx.Llama.Graph.Proto;
using Onnx.Llama.Kernels.Operators;
using Onnx.Llama.Kernels.Products;
using Onnx.Llama.Kernels.Weights;

namespace Onnx.Llama.Kernels.Rewriting;

/// <summary>MatMulNBits becomes <see cref="QuantProductOperator"/>.</summary>
internal static class ProductRewrite
{
    public static void Apply(RewriteContext context)
    {
        foreach (NodeProto node in context.Graph.Nodes)
        {
            if (StockProduct.Read(node, context.Graph) is not { } tensors) continue;
            ProductPiece piece = context.Pack($"{tensors.Codes.Name}.packed", [tensors]);
            NodeProto product = NodeWriting.Create(QuantProductOperator.OperatorName, node, [node.Input[0], piece.Name], [node.OutputOr(0)]);
            context.Graph.Replace(RewriteContext.Describe(product, piece, Gate.None), node);
        }
    }
}
