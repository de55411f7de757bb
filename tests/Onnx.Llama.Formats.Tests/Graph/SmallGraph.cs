using System.Runtime.InteropServices;
using Onnx.Llama.Graph;
using static Onnx.Llama.Graph.NodeAttribute;

namespace Onnx.Llama.Formats.Tests.Graph;

/// <summary>A graph with one of everything: fixed and open lengths, inline and external weights, an input with a default, two domains, all kinds of attributes.</summary>
internal static class SmallGraph
{
    public const string DataFile = "small.onnx.data";

    /// <summary>Where w stands in the data file, which ends with it.</summary>
    public static ExternalRange Weights { get; } = new(4096, 8 * 4 * sizeof(float));

    public static OnnxModel Build()
    {
        GraphBuilder graph = new("small");
        string x = graph.Input("x", ElementType.Float, "rows", 4);
        string w = graph.External("w", ElementType.Float, [8, 4], DataFile, Weights);
        string b = graph.Initializer("b", ElementType.Float, [8], MemoryMarshal.AsBytes<float>([1, 2, 3, 4, 5, 6, 7, 8]));
        string from = graph.OverridableInt64s("from", -1);
        string product = graph.Node("/product/FusedMatMul", OpNames.FusedMatMul, [x, w], Int("transB", 1), Float("alpha", 0.1f));
        string sum = graph.Node("/sum/Add", OpNames.Add, [product, b]);
        graph.Node("/cut/Slice", OpNames.Slice, [sum, from, graph.Int64s("end", long.MaxValue), "", graph.Int64("step", 1)], ["y"], Text("note", "Grüße"));
        graph.Output("y", ElementType.Float, "some_rows", 8);
        return graph.Build(opset: 21, irVersion: 10, "tests");
    }
}
