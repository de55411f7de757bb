using System.Runtime.InteropServices;
using Onnx.Llama.Graph;
using Onnx.Llama.Kernels.Tests.Products;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Kernels.Tests;

/// <summary>A small graph with its weights beside it, in a folder of its own.</summary>
internal sealed class SmallModel : IDisposable
{
    public const string DataName = "weights.data";

    private const int Alignment = 64;

    private readonly TemporaryFolder _folder = new();
    private readonly MemoryStream _data = new();

    public GraphBuilder Graph { get; } = new("small");

    public string File => _folder["model.onnx"];

    public string DataFile => _folder[DataName];

    /// <summary>A folder for a cache of kernels, which is not there yet.</summary>
    public string CacheFolder => _folder["cache"];

    /// <summary>Puts bytes into the data file.</summary>
    public ExternalRange Put(ReadOnlySpan<byte> bytes)
    {
        _data.SetLength((_data.Length + Alignment - 1) / Alignment * Alignment);
        _data.Position = _data.Length;
        ExternalRange range = new(_data.Position, bytes.Length);
        _data.Write(bytes);
        return range;
    }

    /// <summary>A weight in the data file; its name.</summary>
    public string Weight<T>(string name, ElementType type, ReadOnlySpan<long> shape, ReadOnlySpan<T> values)
        where T : unmanaged => Graph.External(name, type, shape, DataName, Put(MemoryMarshal.AsBytes(values)));

    public string Floats(string name, ReadOnlySpan<long> shape, ReadOnlySpan<float> values) => Weight(name, ElementType.Float, shape, values);

    /// <summary>A quantised matrix; the names of its codes, scales and zero points.</summary>
    public string[] Matrix(string name, RandomMatrix matrix)
    {
        long n = matrix.Stored.N;
        long blocks = matrix.Scales.Length / n;
        long codes = matrix.Codes.Length / n / blocks;
        string[] names =
        [
            Weight<byte>($"{name}.codes", ElementType.UInt8, [n, blocks, codes], matrix.Codes),
            Floats($"{name}.scales", [n, blocks], matrix.Scales),
        ];
        return matrix.ZeroPoints.IsEmpty
            ? names
            : [.. names, Weight<byte>($"{name}.zero_points", ElementType.UInt8, [n, matrix.ZeroPoints.Length / n], matrix.ZeroPoints)];
    }

    /// <summary>MatMulNBits with a matrix; its output.</summary>
    public string Product(string name, string input, RandomMatrix matrix, params string[] weights) =>
        Graph.Node(name, OpNames.MatMulNBits, [input, .. weights.Length > 0 ? weights : Matrix(name, matrix)], ProductAttributes(matrix));

    public static NodeAttribute[] ProductAttributes(RandomMatrix matrix) =>
    [
        NodeAttribute.Int("K", matrix.Stored.K), NodeAttribute.Int("N", matrix.Stored.N), NodeAttribute.Int("bits", matrix.Stored.Format.Bits),
        NodeAttribute.Int("block_size", matrix.Stored.Format.Block), NodeAttribute.Int("accuracy_level", 4),
    ];

    /// <summary>Writes the graph and its weights; the graph's file.</summary>
    public string Save(Action<OnnxModel>? change = null)
    {
        System.IO.File.WriteAllBytes(DataFile, _data.ToArray());
        OnnxModel model = Graph.Build(21, 10, "test");
        change?.Invoke(model);
        System.IO.File.WriteAllBytes(File, model.ToBytes());
        return File;
    }

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }
}
