using Google.Protobuf;
using Onnx.Llama.Graph.Proto;
using Onnx.Llama.Kernels.Native;

namespace Onnx.Llama.Kernels.Rewriting;

/// <summary>Makes nodes of the kernels' operators.</summary>
internal static class NodeWriting
{
    /// <summary>A node with the place and outputs of another.</summary>
    public static NodeProto Create(string op, NodeProto from, IEnumerable<string> inputs, IEnumerable<string> outputs)
    {
        NodeProto node = new() { Name = from.Name, OpType = op, Domain = OperatorDomain.Name };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        return node;
    }

    public static NodeProto With(this NodeProto node, string name, long value)
    {
        node.Attribute.Add(new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value });
        return node;
    }

    public static NodeProto With(this NodeProto node, string name, float value)
    {
        node.Attribute.Add(new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value });
        return node;
    }

    public static NodeProto With(this NodeProto node, string name, string value)
    {
        node.Attribute.Add(new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) });
        return node;
    }
}
