using Onnx.Llama.Graph;
using Onnx.Llama.Graph.Proto;

namespace Onnx.Llama.Kernels.Rewriting;

/// <summary>A graph while it is rewritten: who makes a value, who uses it, and what is constant.</summary>
internal sealed class GraphEditor
{
    private readonly GraphProto _graph;
    private readonly Dictionary<string, NodeProto> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorProto> _initializers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _uses = new(StringComparer.Ordinal);
    private readonly HashSet<string> _inputs;

    public GraphEditor(GraphProto graph)
    {
        _graph = graph;
        _inputs = [.. graph.Input.Select(input => input.Name)];
        foreach (TensorProto tensor in graph.Initializer) _initializers[tensor.Name] = tensor;
        foreach (NodeProto node in graph.Node) Register(node);
        foreach (ValueInfoProto output in graph.Output) Use(output.Name);
        foreach (string name in InnerUses(graph)) Use(name);
    }

    /// <summary>The nodes as they are now; a copy, so that they can be changed meanwhile.</summary>
    public IReadOnlyList<NodeProto> Nodes => [.. _graph.Node];

    public IReadOnlyList<TensorProto> Initializers => [.. _graph.Initializer];

    /// <summary>The node that makes a value; null for an input or initializer.</summary>
    public NodeProto? Producer(string name) => name.Length == 0 ? null : _producers.GetValueOrDefault(name);

    /// <summary>A value that is constant; null for one that is not, or that a caller may override.</summary>
    public TensorProto? Constant(string name) => _inputs.Contains(name) ? null : _initializers.GetValueOrDefault(name);

    /// <summary>Whether a value is known to be int64: inputs, initializers and casts say what they are, other nodes do not.</summary>
    public bool IsInt64(string name)
    {
        const int Int64 = (int)ElementType.Int64;
        if (_initializers.TryGetValue(name, out TensorProto? tensor)) return tensor.DataType == Int64;
        if (Producer(name) is { } node) return node.Is(OpNames.Cast) && node.Integer("to") == Int64;
        return _graph.Input.FirstOrDefault(input => input.Name == name)?.Type?.TensorType?.ElemType == Int64;
    }

    /// <summary>Whether a single node uses a value, and nobody outside.</summary>
    public bool IsUsedOnce(string name) => _uses.GetValueOrDefault(name) == 1;

    /// <summary>Whether anything uses a value.</summary>
    public bool IsUsed(string name) => _uses.GetValueOrDefault(name) > 0;

    /// <summary>Puts a node in the place of others, at that of the last of them.</summary>
    public void Replace(NodeProto replacement, params ReadOnlySpan<NodeProto> replaced)
    {
        int place = _graph.Node.IndexOf(replaced[^1]);
        foreach (NodeProto node in replaced) Forget(node);
        _graph.Node[place] = replacement;
        for (int i = 0; i < replaced.Length - 1; i++) _graph.Node.Remove(replaced[i]);
        Register(replacement);
    }

    /// <summary>Removes a node whose outputs nobody uses any more.</summary>
    public void Remove(NodeProto node)
    {
        Forget(node);
        _graph.Node.Remove(node);
    }

    /// <summary>A name that no value has, made of a wish.</summary>
    public string FreeName(string wish)
    {
        string name = wish;
        for (int i = 2; _initializers.ContainsKey(name) || _producers.ContainsKey(name) || _inputs.Contains(name); i++) name = $"{wish}.{i}";
        return name;
    }

    public void Add(TensorProto tensor)
    {
        _graph.Initializer.Add(tensor);
        _initializers.Add(tensor.Name, tensor);
    }

    /// <summary>Removes the initializers that nobody uses any more.</summary>
    public void RemoveUnusedInitializers()
    {
        foreach (TensorProto tensor in Initializers)
        {
            if (IsUsed(tensor.Name) || _inputs.Contains(tensor.Name)) continue;
            _graph.Initializer.Remove(tensor);
            _initializers.Remove(tensor.Name);
        }
    }

    private static IEnumerable<string> InnerUses(GraphProto graph) =>
        from node in graph.Node
        from attribute in node.Attribute
        from inner in attribute.G is null ? attribute.Graphs : [attribute.G, .. attribute.Graphs]
        from name in inner.Node.SelectMany(one => one.Input).Concat(inner.Output.Select(output => output.Name)).Concat(InnerUses(inner))
        select name;

    private void Register(NodeProto node)
    {
        foreach (string output in node.Output) _producers[output] = node;
        foreach (string input in node.Input) Use(input);
    }

    private void Forget(NodeProto node)
    {
        foreach (string output in node.Output) _producers.Remove(output);
        foreach (string input in node.Input) _uses[input]--;
    }

    private void Use(string name) => _uses[name] = _uses.GetValueOrDefault(name) + 1;
}
