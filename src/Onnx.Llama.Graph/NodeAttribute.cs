using Google.Protobuf;
using Onnx.Llama.Graph.Proto;
using AttributeType = Onnx.Llama.Graph.Proto.AttributeProto.Types.AttributeType;

namespace Onnx.Llama.Graph;

/// <summary>A named constant of a node.</summary>
public readonly record struct NodeAttribute
{
    private NodeAttribute(AttributeProto proto) => Proto = proto;

    internal AttributeProto Proto { get; }

    /// <summary>An integer; booleans are 0 and 1.</summary>
    public static NodeAttribute Int(string name, long value) => new(new AttributeProto { Name = name, Type = AttributeType.Int, I = value });

    /// <summary>Several integers.</summary>
    public static NodeAttribute Ints(string name, params ReadOnlySpan<long> values)
    {
        AttributeProto proto = new() { Name = name, Type = AttributeType.Ints };
        foreach (long value in values) proto.Ints.Add(value);
        return new NodeAttribute(proto);
    }

    /// <summary>A float.</summary>
    public static NodeAttribute Float(string name, float value) => new(new AttributeProto { Name = name, Type = AttributeType.Float, F = value });

    /// <summary>A text.</summary>
    public static NodeAttribute Text(string name, string value) =>
        new(new AttributeProto { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(value) });
}
