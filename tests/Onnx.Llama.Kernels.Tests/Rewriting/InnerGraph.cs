using Onnx.Llama.Graph;
using Onnx.Llama.Graph.Proto;

namespace Onnx.Llama.Kernels.Tests.Rewriting;

/// <summary>An If whose branches use a value of the graph around them.</summary>
internal static class InnerGraph
{
    /// <summary>Adds it, and its output to the graph's.</summary>
    public static void Add(OnnxModel model, string value, TensorProto? weight = null)
    {
        GraphProto graph = model.Proto.Graph;
        TensorProto condition = new() { Name = "condition", DataType = (int)ElementType.Bool, RawData = Google.Protobuf.ByteString.CopyFrom(1) };
        graph.Initializer.Add(condition);
        NodeProto node = new() { OpType = "If", Name = "if" };
        node.Input.Add(condition.Name);
        node.Output.Add("inner");
        node.Attribute.Add(Branch("then_branch", value, weight));
        node.Attribute.Add(Branch("else_branch", value, weight));
        graph.Node.Add(node);
        graph.Output.Add(Value("inner"));
    }

    /// <summary>|value|, or value + weight.</summary>
    private static AttributeProto Branch(string name, string value, TensorProto? weight)
    {
        NodeProto node = new() { OpType = weight is null ? "Abs" : "Add", Name = $"{name}.node" };
        node.Input.Add(value);
        if (weight is not null) node.Input.Add(weight.Name);
        node.Output.Add($"{name}.out");
        GraphProto inner = new() { Name = name };
        if (weight is not null) inner.Initializer.Add(weight.Clone());
        inner.Node.Add(node);
        inner.Output.Add(Value($"{name}.out"));
        return new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Graph, G = inner };
    }

    private static ValueInfoProto Value(string name) => new()
    {
        Name = name,
        Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)ElementType.Float } },
    };
}
