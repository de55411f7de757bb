using Onnx.Llama.Graph.Proto;

namespace Onnx.Llama.Graph;

/// <summary>Finds the tensors of a graph.</summary>
public static class GraphTensors
{
    /// <summary>The initializers, and the tensors in the attributes of nodes, those of inner graphs included. Their depth is that of the message, at most 100.</summary>
    public static IEnumerable<TensorProto> All(GraphProto graph)
    {
        foreach (TensorProto tensor in graph.Initializer) yield return tensor;
        foreach (AttributeProto attribute in graph.Node.SelectMany(node => node.Attribute))
        {
            if (attribute.T is { } single) yield return single;
            foreach (TensorProto tensor in attribute.Tensors) yield return tensor;
            if (attribute.G is { } inner)
            {
                foreach (TensorProto tensor in All(inner)) yield return tensor;
            }

            foreach (TensorProto tensor in attribute.Graphs.SelectMany(All)) yield return tensor;
        }
    }

    /// <summary>Those whose bytes stand outside the graph.</summary>
    public static IEnumerable<TensorProto> External(GraphProto graph) => All(graph).Where(ExternalReference.IsExternal);
}
