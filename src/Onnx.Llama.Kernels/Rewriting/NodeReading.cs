using Onnx.Llama.Graph;
using Onnx.Llama.Graph.Proto;

namespace Onnx.Llama.Kernels.Rewriting;

/// <summary>Reads nodes.</summary>
internal static class NodeReading
{
    public static bool Is(this NodeProto node, OperatorName op) => node.OpType == op.Type && (node.Domain == op.Domain || (op.Domain.Length == 0 && node.Domain == "ai.onnx"));

    public static bool IsMicrosoft(this NodeProto node, string type) => node.OpType == type && node.Domain == OpNames.Microsoft;

    /// <summary>An input's name; empty where it is left out.</summary>
    public static string InputOr(this NodeProto node, int index) => index < node.Input.Count ? node.Input[index] : "";

    /// <summary>An output's name; empty where nobody wants it.</summary>
    public static string OutputOr(this NodeProto node, int index) => index < node.Output.Count ? node.Output[index] : "";

    public static long Integer(this NodeProto node, string name, long absent = 0) => Attribute(node, name)?.I ?? absent;

    public static float Single(this NodeProto node, string name, float absent = 0) => Attribute(node, name)?.F ?? absent;

    public static string Text(this NodeProto node, string name, string absent) => Attribute(node, name)?.S.ToStringUtf8() ?? absent;

    public static AttributeProto? Attribute(NodeProto node, string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name);
}
