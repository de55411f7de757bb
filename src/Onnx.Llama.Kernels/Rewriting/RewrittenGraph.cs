using Onnx.Llama.Graph;
using Onnx.Llama.Graph.Proto;
using Onnx.Llama.Kernels.Forms;
using Onnx.Llama.Kernels.Native;
using Onnx.Llama.Kernels.Weights;

namespace Onnx.Llama.Kernels.Rewriting;

/// <summary>
/// A stock graph with the operators that the kernels know in their place, recognised by pattern, never by family. What is not recognised stays as it is. The
/// graph's inputs and outputs do not change.
/// </summary>
internal sealed class RewrittenGraph
{
    /// <summary>Operators of ONNX Runtime's that may round a row differently in company, or that were not looked at.</summary>
    private static readonly HashSet<string> s_variant = new(StringComparer.Ordinal)
    {
        "MatMul", "FusedMatMul", "Gemm", "MatMulNBits", "MatMulInteger", "MoE", "QMoE", "GroupQueryAttention", "MultiHeadAttention", "Attention", "Conv", "Einsum",
    };

    private RewrittenGraph(OnnxModel model, IReadOnlyList<WeightPiece> pieces, KernelReport report)
    {
        Model = model;
        Pieces = pieces;
        Report = report;
    }

    public OnnxModel Model { get; }

    /// <summary>Every initializer that stands outside the graph.</summary>
    public IReadOnlyList<WeightPiece> Pieces { get; }

    public KernelReport Report { get; }

    /// <summary>Rewrites a graph; null where there is nothing in it for the kernels.</summary>
    /// <param name="model">The graph; it is changed.</param>
    /// <param name="reader">Its weights, of which only zero points are read.</param>
    /// <param name="form">What will run.</param>
    public static RewrittenGraph? Create(OnnxModel model, TensorReader reader, InstructionSet form)
    {
        GraphProto proto = model.Proto.Graph;
        if (!ComputesInFloat32(proto) || HasInnerWeights(proto)) return null;
        RewriteContext context = new(new GraphEditor(proto), reader, form);
        GateRewrite.Apply(context);
        ProductRewrite.Apply(context);
        EmbeddingRewrite.Apply(context);
        DenseRewrite.Apply(context);
        NormRewrite.Apply(context);
        bool attends = AttentionRewrite.Apply(context);
        if (!proto.Node.Any(IsOurs)) return null;
        context.Graph.RemoveUnusedInitializers();
        model.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = OperatorDomain.Name, Version = 1 });
        HashSet<string> packed = [.. context.Pieces.Select(piece => piece.Name)];
        IEnumerable<WeightPiece> copied = from tensor in context.Graph.Initializers
                                          where ExternalReference.IsExternal(tensor) && !packed.Contains(tensor.Name)
                                          select new CopiedPiece(tensor.Clone());
        return new RewrittenGraph(model, [.. context.Pieces, .. copied], Describe(proto, form, attends));
    }

    /// <summary>Graphs for other providers compute in 16 bits, which shows in their caches.</summary>
    private static bool ComputesInFloat32(GraphProto graph) => !graph.Input.Concat(graph.Output)
        .Any(value => value.Type?.TensorType?.ElemType is (int)ElementType.Float16 or (int)ElementType.BFloat16);

    /// <summary>Weights of inner graphs stand beside the original file alone.</summary>
    private static bool HasInnerWeights(GraphProto graph) => GraphTensors.External(graph).Count() > graph.Initializer.Count(ExternalReference.IsExternal);

    private static bool IsOurs(NodeProto node) => node.Domain == OperatorDomain.Name;

    private static KernelReport Describe(GraphProto graph, InstructionSet form, bool attends) => new(
        form,
        Count(graph.Node.Where(IsOurs)),
        Count(graph.Node.Where(node => !IsOurs(node))),
        attends,
        !graph.Node.Any(node => !IsOurs(node) && s_variant.Contains(node.OpType)));

    private static SortedDictionary<string, int> Count(IEnumerable<NodeProto> nodes) =>
        new(nodes.GroupBy(node => node.OpType).ToDictionary(group => group.Key, group => group.Count()), StringComparer.Ordinal);
}
