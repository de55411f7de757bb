using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Onnx.Llama.Graph.Proto;
using AttributeType = Onnx.Llama.Graph.Proto.AttributeProto.Types.AttributeType;

namespace Onnx.Llama.Graph;

/// <summary>A graph as text, a line for each input, output, initializer and node: what people and tests compare.</summary>
public static class GraphOutline
{
    /// <summary>The outline, with line feeds.</summary>
    public static string Of(OnnxModel model)
    {
        ModelProto proto = model.Proto;
        string opsets = string.Join(", ", proto.OpsetImport.Select(set => string.Create(CultureInfo.InvariantCulture, $"{Domain(set.Domain)}:{set.Version}")));
        StringBuilder text = new();
        Line($"ir {proto.IrVersion}; opsets {opsets}; producer {proto.ProducerName}");
        foreach (ValueInfoProto input in proto.Graph.Input) Line($"in {Value(input)}");
        foreach (ValueInfoProto output in proto.Graph.Output) Line($"out {Value(output)}");
        foreach (TensorProto tensor in proto.Graph.Initializer) Line($"init {tensor.Name} {Type(tensor.DataType)} [{Join(tensor.Dims)}]{Contents(tensor)}");
        foreach (NodeProto node in proto.Graph.Node) Line(Node(node));
        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static FormattableString Node(NodeProto node)
    {
        OperatorName op = new(node.Domain, node.OpType);
        string attributes = string.Join(", ", node.Attribute.OrderBy(attribute => attribute.Name, StringComparer.Ordinal).Select(Attribute));
        return $"{op} {node.Name} ({string.Join(", ", node.Input)}) -> ({string.Join(", ", node.Output)}) {{{attributes}}}";
    }

    /// <summary>Name, type and shape; graphs of others may lack the last two.</summary>
    private static string Value(ValueInfoProto value)
    {
        if (value.Type?.TensorType is not { } tensor) return $"{value.Name} ?";
        if (tensor.Shape is null) return $"{value.Name} {Type(tensor.ElemType)}";
        IEnumerable<string> shape = tensor.Shape.Dim.Select(dimension => dimension.ValueCase switch
        {
            TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam => dimension.DimParam,
            TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue => dimension.DimValue.ToString(CultureInfo.InvariantCulture),
            _ => "?",
        });
        return $"{value.Name} {Type(tensor.ElemType)} [{string.Join(", ", shape)}]";
    }

    private static string Attribute(AttributeProto attribute) => attribute.Type switch
    {
        AttributeType.Int => string.Create(CultureInfo.InvariantCulture, $"{attribute.Name}={attribute.I}"),
        AttributeType.Float => string.Create(CultureInfo.InvariantCulture, $"{attribute.Name}={attribute.F:R}"),
        AttributeType.String => $"{attribute.Name}='{attribute.S.ToStringUtf8()}'",
        AttributeType.Ints => $"{attribute.Name}=[{Join(attribute.Ints)}]",
        AttributeType.Floats => $"{attribute.Name}=[{string.Join(", ", attribute.Floats.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}]",
        _ => $"{attribute.Name}=<{attribute.Type}>",
    };

    /// <summary>Where the bytes stand, or, of a few constants, what they are.</summary>
    private static string Contents(TensorProto tensor)
    {
        if (ExternalReference.IsExternal(tensor))
        {
            ExternalReference reference = ExternalReference.Of(tensor, "graph");
            string end = reference.Length is { } length ? (reference.Offset + length).ToString(CultureInfo.InvariantCulture) : "";
            return string.Create(CultureInfo.InvariantCulture, $" {reference.Location}[{reference.Offset}..{end}]");
        }

        const int Few = 8;
        string[] values = (ElementType)tensor.DataType switch
        {
            ElementType.Int64 => Texts(tensor.RawData.Length > 0 ? MemoryMarshal.Cast<byte, long>(tensor.RawData.Span) : [.. tensor.Int64Data]),
            ElementType.Double => Texts(tensor.RawData.Length > 0 ? MemoryMarshal.Cast<byte, double>(tensor.RawData.Span) : [.. tensor.DoubleData]),
            _ => [],
        };
        return values.Length is 0 or > Few ? "" : $" = {string.Join(", ", values)}";
    }

    private static string[] Texts<T>(ReadOnlySpan<T> values) where T : IFormattable =>
        Array.ConvertAll(values.ToArray(), value => value.ToString(format: null, CultureInfo.InvariantCulture));

    private static string Join(IEnumerable<long> numbers) => string.Join(", ", numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));

    private static string Type(int type) => ((ElementType)type).ToString();

    private static string Domain(string domain) => domain.Length == 0 ? "ai.onnx" : domain;
}
