using Onnx.Llama.Graph;
using Onnx.Llama.Graph.Proto;
using Onnx.Llama.Kernels.Operators;

namespace Onnx.Llama.Kernels.Rewriting;

/// <summary>RMSNorm and LayerNorm over the last axis, alone or behind a residual sum, become <see cref="NormOperator"/>.</summary>
internal static class NormRewrite
{
    private const int SumOutput = 3;

    public static void Apply(RewriteContext context)
    {
        foreach (NodeProto node in context.Graph.Nodes)
        {
            if (Rewrite(node) is not { } norm || context.Graph.Constant(norm.InputOr(2)) is not { DataType: (int)ElementType.Float }) continue;
            context.Graph.Replace(norm, node);
        }
    }

    /// <summary>The inputs of <see cref="NormOperator"/>: x, skip, weight, bias, skip bias.</summary>
    private static NodeProto? Rewrite(NodeProto node) => (node.Domain, node.OpType) switch
    {
        ("" or "ai.onnx", "SimplifiedLayerNormalization") when OverLastAxis(node) => Create(
            node, [node.InputOr(0), "", node.InputOr(1)], "", isCentered: false),
        ("" or "ai.onnx", "LayerNormalization") when OverLastAxis(node) => Create(
            node, [node.InputOr(0), "", node.InputOr(1), node.InputOr(2)], "", isCentered: true),
        (OpNames.Microsoft, "SkipSimplifiedLayerNormalization") when HasSumOnly(node) => Create(
            node, [node.InputOr(0), node.InputOr(1), node.InputOr(2), "", node.InputOr(3)], node.OutputOr(SumOutput), isCentered: false),
        (OpNames.Microsoft, "SkipLayerNormalization") when HasSumOnly(node) => Create(
            node, [node.InputOr(0), node.InputOr(1), node.InputOr(2), node.InputOr(3), node.InputOr(4)], node.OutputOr(SumOutput), isCentered: true),
        _ => null,
    };

    private static NodeProto Create(NodeProto node, string[] inputs, string sum, bool isCentered) => NodeWriting
        .Create(NormOperator.OperatorName, node, Trimmed(inputs), sum.Length == 0 ? [node.OutputOr(0)] : [node.OutputOr(0), sum])
        .With(NormOperator.Epsilon, node.Single("epsilon", node.Domain == OpNames.Microsoft ? 1e-12f : 1e-5f))
        .With(NormOperator.Centered, isCentered ? 1 : 0);

    private static bool OverLastAxis(NodeProto node) => node.Integer("axis", -1) == -1 && node.OutputOr(1).Length == 0 && node.OutputOr(2).Length == 0;

    private static bool HasSumOnly(NodeProto node) => node.OutputOr(1).Length == 0 && node.OutputOr(2).Length == 0;

    private static string[] Trimmed(string[] inputs) => inputs[..(Array.FindLastIndex(inputs, input => input.Length > 0) + 1)];
}
