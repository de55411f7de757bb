using System.Globalization;
using System.Runtime.InteropServices;
using Onnx.Llama.Graph;
using Onnx.Llama.Graph.Proto;

namespace Onnx.Llama.Conversion.Tests.Conversion;

/// <summary>A converted folder's graph, and its weights as the graph points to them.</summary>
internal sealed class ModelData
{
    private readonly Dictionary<string, TensorProto> _initializers;
    private readonly byte[] _data;

    public ModelData(string folder)
    {
        Graph = OnnxModel.Read(Path.Combine(folder, GraphTarget.Cpu.File)).Proto.Graph;
        _initializers = Graph.Initializer.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        _data = File.ReadAllBytes(Path.Combine(folder, ConversionPlan.DataFile));
    }

    public GraphProto Graph { get; }

    /// <summary>An external initializer's bytes.</summary>
    public byte[] Bytes(string name)
    {
        Dictionary<string, string> place = _initializers[name].ExternalData.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
        Assert.Equal(ConversionPlan.DataFile, place["location"]);
        int offset = int.Parse(place["offset"], CultureInfo.InvariantCulture);
        return _data[offset..(offset + int.Parse(place["length"], CultureInfo.InvariantCulture))];
    }

    /// <summary>An external float32 initializer.</summary>
    public float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(Bytes(name)).ToArray();

    /// <summary>A node's integer attribute.</summary>
    public static int Int(NodeProto node, string attribute) => (int)node.Attribute.Single(found => found.Name == attribute).I;
}
