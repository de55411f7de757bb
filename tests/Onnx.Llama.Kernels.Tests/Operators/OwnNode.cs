using Microsoft.ML.OnnxRuntime;
using Onnx.Llama.Graph;
using Onnx.Llama.Kernels.Native;

namespace Onnx.Llama.Kernels.Tests.Operators;

/// <summary>An operator of the kernels, alone in a graph that somebody else wrote.</summary>
internal sealed class OwnNode(string op)
{
    private readonly List<(string Name, ElementType Type, Array Values, long[] Shape, bool IsConstant)> _inputs = [];
    private readonly Dictionary<string, NodeAttribute> _attributes = new(StringComparer.Ordinal);
    private int _outputs = 1;

    /// <summary>Adds an input, in order; one of no name is absent.</summary>
    public OwnNode Input<T>(string name, ElementType type, T[] values, params long[] shape)
        where T : unmanaged => Add(name, type, values, shape, isConstant: false);

    public OwnNode Constant<T>(string name, ElementType type, T[] values, params long[] shape)
        where T : unmanaged => Add(name, type, values, shape, isConstant: true);

    public OwnNode Absent() => Input<float>("", ElementType.Float, []);

    /// <summary>Puts other values in an input's place.</summary>
    public OwnNode Change<T>(string name, T[] values, params long[] shape)
        where T : unmanaged
    {
        int index = _inputs.FindIndex(input => input.Name == name);
        _inputs[index] = _inputs[index] with { Values = values, Shape = shape };
        return this;
    }

    public OwnNode With(string name, long value)
    {
        _attributes[name] = NodeAttribute.Int(name, value);
        return this;
    }

    public OwnNode With(string name, float value)
    {
        _attributes[name] = NodeAttribute.Float(name, value);
        return this;
    }

    public OwnNode With(string name, string value)
    {
        _attributes[name] = NodeAttribute.Text(name, value);
        return this;
    }

    public OwnNode Without(string attribute)
    {
        _attributes.Remove(attribute);
        return this;
    }

    public OwnNode Outputs(int count)
    {
        _outputs = count;
        return this;
    }

    /// <summary>The first output.</summary>
    public float[] Run()
    {
        GraphBuilder graph = new("own");
        using Feed feed = new();
        string[] names = [.. _inputs.Select(input => Declare(graph, feed, input))];
        string[] outputs = [.. Enumerable.Range(0, _outputs).Select(i => $"y{i}")];
        graph.Node("node", new OperatorName(OperatorDomain.Name, op), names, outputs, [.. _attributes.Values]);
        foreach (string output in outputs) graph.Output(output, ElementType.Float);
        using SessionOptions options = ModelRun.Options();
        OperatorDomain.AddTo(options);
        using InferenceSession session = new(graph.Build(21, 10, "test").ToBytes(), options);
        return ModelRun.Run(session, feed)[0];
    }

    /// <summary>Loading or running fails, and says why.</summary>
    public void Fails(string message)
    {
        OnnxRuntimeException fault = Assert.Throws<OnnxRuntimeException>(() => Run());
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    private OwnNode Add(string name, ElementType type, Array values, long[] shape, bool isConstant)
    {
        _inputs.Add((name, type, values, shape, isConstant));
        return this;
    }

    private static string Declare(GraphBuilder graph, Feed feed, (string Name, ElementType Type, Array Values, long[] Shape, bool IsConstant) input)
    {
        if (input.Name.Length == 0) return "";
        if (input.IsConstant) return graph.Initializer(input.Name, input.Type, input.Shape, Bytes(input.Values));
        switch (input.Values)
        {
            case float[] values: feed.With(input.Name, values, input.Shape); break;
            case int[] values: feed.With(input.Name, values, input.Shape); break;
            case long[] values: feed.With(input.Name, values, input.Shape); break;
            case byte[] values: feed.With(input.Name, values, input.Shape); break;
            default: throw new ArgumentException($"{input.Values.GetType()} is no type of an input.");
        }

        return graph.Input(input.Name, input.Type, [.. input.Shape.Select((_, axis) => (Dimension)$"{input.Name}{axis}")]);
    }

    private static byte[] Bytes(Array values)
    {
        byte[] bytes = new byte[Buffer.ByteLength(values)];
        Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
        return bytes;
    }
}
