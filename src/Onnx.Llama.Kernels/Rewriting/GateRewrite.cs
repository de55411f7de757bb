using Onnx.Llama.Graph.Proto;
using Onnx.Llama.Kernels.Operators;
using Onnx.Llama.Kernels.Products;
using Onnx.Llama.Kernels.Weights;

namespace Onnx.Llama.Kernels.Rewriting;

/// <summary>
/// A gated product becomes one node:
/// <code>
/// x ─┬─ MatMulNBits ─ QuickGelu or Gelu ─┐
///    └─ MatMulNBits ─────────────────────┴─ Mul
/// </code>
/// </summary>
internal static class GateRewrite
{
    private const int SigmoidLinear = 1;

    public static void Apply(RewriteContext context)
    {
        foreach (NodeProto product in context.Graph.Nodes.Where(node => node.Is(Onnx.Llama.Graph.OpNames.Mul)))
        {
            if (!TryFuse(context, product, 0)) TryFuse(context, product, 1);
        }
    }

    private static bool TryFuse(RewriteContext context, NodeProto product, int gateInput)
    {
        GraphEditor graph = context.Graph;
        if (Maker(graph, product.InputOr(gateInput)) is not { } activation || GateOf(activation) is not (not Gate.None and Gate gate)) return false;
        if (Maker(graph, activation.InputOr(0)) is not { } left || Maker(graph, product.InputOr(1 - gateInput)) is not { } right) return false;
        if (StockProduct.Read(left, graph) is not { } gateTensors || StockProduct.Read(right, graph) is not { } otherTensors) return false;
        bool alike = left.Input[0] == right.Input[0] && gateTensors.Format == otherTensors.Format && gateTensors.N == otherTensors.N && gateTensors.K == otherTensors.K;
        if (!alike || ReferenceEquals(left, right)) return false;
        ProductPiece piece = context.Pack($"{gateTensors.Codes.Name}.gated", [gateTensors, otherTensors]);
        NodeProto fused = NodeWriting.Create(QuantProductOperator.OperatorName, product, [left.Input[0], piece.Name], [product.OutputOr(0)]);
        graph.Replace(RewriteContext.Describe(fused, piece, gate), left, right, activation, product);
        return true;
    }

    /// <summary>The node that makes a value which nobody else uses.</summary>
    private static NodeProto? Maker(GraphEditor graph, string value) => graph.IsUsedOnce(value) ? graph.Producer(value) : null;

    private static Gate GateOf(NodeProto node)
    {
        if (node.IsMicrosoft("QuickGelu")) return node.Single("alpha", 1.702f) == SigmoidLinear ? Gate.Silu : Gate.None;
        if (node.IsMicrosoft("FastGelu")) return node.InputOr(1).Length == 0 ? Gate.GeluTanh : Gate.None;
        if (node.IsMicrosoft("Gelu")) return Gate.Gelu;
        if (!node.Is(Onnx.Llama.Graph.OpNames.Gelu)) return Gate.None;
        return node.Text("approximate", "none") == "tanh" ? Gate.GeluTanh : Gate.Gelu;
    }
}
