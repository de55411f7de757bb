using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx.Llama.Graph.Proto;

namespace Onnx.Llama.Graph;

/// <summary>
/// Builds an ONNX graph node by node. Every value is named once and before its use, so that the order of calls is the order of the file
/// and a mistake is found where it is made.
/// </summary>
/// <param name="name">The graph's name.</param>
public sealed class GraphBuilder(string name)
{
    private readonly GraphProto _graph = new() { Name = name };
    private readonly Dictionary<string, string> _definitions = new(StringComparer.Ordinal);
    private readonly HashSet<string> _nodes = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _domains = new(StringComparer.Ordinal) { "" };

    /// <summary>Adds an input and returns its name.</summary>
    /// <exception cref="GraphException">The name is taken.</exception>
    public string Input(string name, ElementType type, params ReadOnlySpan<Dimension> shape)
    {
        Define(name, "an input");
        _graph.Input.Add(ValueInfo(name, type, shape));
        return name;
    }

    /// <summary>Makes a value an output of the graph.</summary>
    /// <exception cref="GraphException">The value is not defined yet, or is an output already.</exception>
    public void Output(string name, ElementType type, params ReadOnlySpan<Dimension> shape)
    {
        if (!_definitions.ContainsKey(name)) throw new GraphException(name, "is not defined; expected an output of the graph to be an input or an earlier node's output.");
        if (_graph.Output.Any(output => output.Name == name)) throw new GraphException(name, "is an output of the graph already; expected it once.");
        _graph.Output.Add(ValueInfo(name, type, shape));
    }

    /// <summary>Adds an initializer whose little-endian bytes stand in the graph itself, and returns its name.</summary>
    /// <exception cref="GraphException">The name is taken, or the bytes are not the shape's.</exception>
    public string Initializer(string name, ElementType type, ReadOnlySpan<long> shape, ReadOnlySpan<byte> data)
    {
        long expected = Bytes(name, type, shape);
        if (data.Length != expected)
        {
            throw new GraphException(name, string.Create(CultureInfo.InvariantCulture, $"has {data.Length} bytes; expected {expected} ({TensorSize.Describe(type, shape)})."));
        }

        AddTensor(name, type, shape).RawData = ByteString.CopyFrom(data);
        return name;
    }

    /// <summary>Adds a one-dimensional int64 initializer and returns its name.</summary>
    public string Int64s(string name, params ReadOnlySpan<long> values) =>
        Initializer(name, ElementType.Int64, [values.Length], MemoryMarshal.AsBytes(values));

    /// <summary>Adds an int64 scalar and returns its name.</summary>
    public string Int64(string name, long value) => Initializer(name, ElementType.Int64, [], MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in value)));

    /// <summary>An initializer that the caller of the graph may replace: an input with a default.</summary>
    public string OverridableInt64s(string name, params ReadOnlySpan<long> values)
    {
        Int64s(name, values);
        _graph.Input.Add(ValueInfo(name, ElementType.Int64, [values.Length]));
        return name;
    }

    /// <summary>Adds an initializer whose bytes stand in an external file, and returns its name. Two initializers may share a range.</summary>
    /// <exception cref="GraphException">The name is taken, the range is not the shape's, or the location leaves the folder.</exception>
    public string External(string name, ElementType type, ReadOnlySpan<long> shape, string location, ExternalRange range)
    {
        ExternalLocation.Check(location, name);
        ArgumentOutOfRangeException.ThrowIfNegative(range.Offset);
        long expected = Bytes(name, type, shape);
        if (range.Length != expected)
        {
            throw new GraphException(
                name,
                string.Create(CultureInfo.InvariantCulture, $"has {range.Length} bytes in {location}; expected {expected} ({TensorSize.Describe(type, shape)})."));
        }

        TensorProto tensor = AddTensor(name, type, shape);
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        AddExternal(tensor, ExternalKeys.Location, location);
        AddExternal(tensor, ExternalKeys.Offset, range.Offset.ToString(CultureInfo.InvariantCulture));
        AddExternal(tensor, ExternalKeys.Length, range.Length.ToString(CultureInfo.InvariantCulture));
        return name;
    }

    /// <summary>Adds a node with one output, named after the node as onnxruntime-genai does, and returns that output.</summary>
    public string Node(string name, OperatorName op, ReadOnlySpan<string> inputs, params ReadOnlySpan<NodeAttribute> attributes)
    {
        string output = $"{name}/output_0";
        Node(name, op, inputs, [output], attributes);
        return output;
    }

    /// <summary>Adds a node. An empty name stands for an optional input or output that is absent.</summary>
    /// <exception cref="GraphException">An input is not defined yet, an output or the node's name is taken, or an attribute stands twice.</exception>
    public void Node(
        string name, OperatorName op, ReadOnlySpan<string> inputs, ReadOnlySpan<string> outputs, params ReadOnlySpan<NodeAttribute> attributes)
    {
        if (!_nodes.Add(name)) throw new GraphException(name, $"is the name of two nodes, the second {op}; expected one.");
        NodeProto node = new() { Name = name, OpType = op.Type, Domain = op.Domain };
        foreach (string input in inputs)
        {
            if (input.Length > 0 && !_definitions.ContainsKey(input))
            {
                throw new GraphException(name, $"input '{input}' of {op} is not defined; expected a graph input, an initializer or an earlier node's output.");
            }

            node.Input.Add(input);
        }

        foreach (string output in outputs)
        {
            if (output.Length > 0) Define(output, $"an output of node '{name}'");
            node.Output.Add(output);
        }

        foreach (NodeAttribute attribute in attributes)
        {
            if (node.Attribute.Any(other => other.Name == attribute.Proto.Name))
            {
                throw new GraphException(name, $"attribute '{attribute.Proto.Name}' of {op} stands twice; expected it once.");
            }

            node.Attribute.Add(attribute.Proto);
        }

        _domains.Add(op.Domain);
        _graph.Node.Add(node);
    }

    /// <summary>The model as built so far; what is added later is not in it. Domains other than ONNX's own are imported at version 1.</summary>
    /// <param name="opset">Version of ONNX's own operators.</param>
    /// <param name="irVersion">Version of the file format.</param>
    /// <param name="producer">Who made it.</param>
    public OnnxModel Build(int opset, int irVersion, string producer)
    {
        ModelProto model = new() { IrVersion = irVersion, ProducerName = producer, Graph = _graph.Clone() };
        foreach (string domain in _domains)
        {
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = domain.Length == 0 ? opset : 1 });
        }

        return new OnnxModel(model);
    }

    private TensorProto AddTensor(string name, ElementType type, ReadOnlySpan<long> shape)
    {
        Define(name, "an initializer");
        TensorProto tensor = new() { Name = name, DataType = (int)type };
        foreach (long length in shape) tensor.Dims.Add(length);
        _graph.Initializer.Add(tensor);
        return tensor;
    }

    private void Define(string name, string what)
    {
        if (name.Length == 0) throw new GraphException(what, "has no name; expected one.");
        if (!_definitions.TryAdd(name, what)) throw new GraphException(name, $"is defined twice, as {_definitions[name]} and as {what}; expected one definition.");
    }

    private static void AddExternal(TensorProto tensor, string key, string value) =>
        tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });

    private static long Bytes(string name, ElementType type, ReadOnlySpan<long> shape) => TensorSize.TryBytes(type, shape, out long bytes)
        ? bytes
        : throw new GraphException(name, $"is {TensorSize.Describe(type, shape)}; {TensorSize.Expected}");

    private static ValueInfoProto ValueInfo(string name, ElementType type, ReadOnlySpan<Dimension> shape)
    {
        TensorShapeProto dimensions = new();
        foreach (Dimension dimension in shape)
        {
            if (dimension.Length < 0 || dimension.Symbol is "") throw new GraphException(name, $"has a dimension '{dimension}'; expected a length of 0 or more, or a name.");
            dimensions.Dim.Add(dimension.Symbol is { } symbol
                ? new TensorShapeProto.Types.Dimension { DimParam = symbol }
                : new TensorShapeProto.Types.Dimension { DimValue = dimension.Length });
        }

        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = dimensions } },
        };
    }
}
