using Onnx.Llama.Graph;
using Onnx.Llama.Graph.Proto;
using Onnx.Llama.Kernels.Operators;
using Onnx.Llama.Kernels.Products;
using Onnx.Llama.Kernels.Tests.Products;

namespace Onnx.Llama.Kernels.Tests.Rewriting;

/// <summary>Products that the kernels do not know stay ONNX Runtime's, and run as they did.</summary>
public sealed class StayingStockTests
{
    private const int N = 32;
    private const int K = 64;

    [Theory]
    [InlineData("bias")]
    [InlineData("g_idx")]
    [InlineData("weights overridable")]
    [InlineData("scales computed")]
    [InlineData("block 16")]
    [InlineData("inner weights")]
    public void Prepare_Product_StaysStock(string difference)
    {
        Random random = new(2);
        int block = difference == "block 16" ? 16 : 32;
        using RandomMatrix matrix = new(new QuantFormat(4, block, false), N, K, random);
        using SmallModel model = new();
        GraphBuilder graph = model.Graph;
        string x = graph.Input("x", ElementType.Float, "rows", K);
        List<string> weights = [.. model.Matrix("w", matrix)];
        if (difference == "scales computed") weights[1] = graph.Node("identity", new OperatorName("", "Identity"), [weights[1]]);
        if (difference == "bias") weights.AddRange(["", "", model.Floats("bias", [N], Difference.Numbers(random, N))]);
        int[] groups = [.. Enumerable.Range(0, K).Select(i => i / block)];
        if (difference == "g_idx") weights.AddRange(["", model.Weight<int>("g_idx", ElementType.Int32, [K], groups)]);
        string y = model.Product("product", x, matrix, [.. weights]);
        graph.Output(y, ElementType.Float);
        ExternalRange inner = model.Put(new byte[4 * N]);
        string file = model.Save(built =>
        {
            if (difference == "weights overridable") built.Proto.Graph.Input.Add(Value("w.codes", ElementType.UInt8, N, 2, 16));
            if (difference == "inner weights") InnerGraph.Add(built, y, External("inner.weight", inner));
        });
        using Feed feed = new Feed().With("x", Difference.Numbers(random, 2 * K), 2, K);
        ModelRun.StaysStock(file, feed, QuantProductOperator.OperatorName);
    }

    /// <summary>ONNX Runtime refuses an attribute that it does not know, so only the rewrite can be asked; weight_prepacked is one that matters.</summary>
    [Theory]
    [InlineData("weight_prepacked")]
    [InlineData("something_new")]
    public void Describe_UnknownAttribute_IsNothing(string name)
    {
        using RandomMatrix matrix = new(new QuantFormat(4, 32, false), N, K, new Random(1));
        using SmallModel model = new();
        string y = model.Graph.Node(
            "product",
            OpNames.MatMulNBits,
            [model.Graph.Input("x", ElementType.Float, "rows", K), .. model.Matrix("w", matrix)],
            [.. SmallModel.ProductAttributes(matrix), NodeAttribute.Int(name, 1)]);
        model.Graph.Output(y, ElementType.Float);
        Assert.Null(KernelGraph.Describe(model.Save()));
    }

    [Fact]
    public void Prepare_Float16Graph_StaysStock()
    {
        using SmallModel model = new();
        GraphBuilder graph = model.Graph;
        string x = graph.Input("x", ElementType.Float16, "rows", K);
        string single = graph.Node("cast", OpNames.Cast, [x], NodeAttribute.Int("to", (int)ElementType.Float));
        string weight = model.Floats("w", [N, K], Difference.Numbers(new Random(1), N * K));
        graph.Output(graph.Node("product", OpNames.FusedMatMul, [single, weight], NodeAttribute.Int("transB", 1)), ElementType.Float);
        string file = model.Save();
        Assert.Null(KernelGraph.Describe(file));
        using Feed feed = new Feed().With("x", new Microsoft.ML.OnnxRuntime.Float16[K], 1, K);
        Assert.Equal(N, ModelRun.Stock(file, feed)[0].Length);
    }

    private static ValueInfoProto Value(string name, ElementType type, params long[] shape)
    {
        TensorShapeProto dimensions = new();
        dimensions.Dim.AddRange(shape.Select(length => new TensorShapeProto.Types.Dimension { DimValue = length }));
        TypeProto.Types.Tensor tensor = new() { ElemType = (int)type, Shape = dimensions };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    private static TensorProto External(string name, ExternalRange range)
    {
        TensorProto tensor = new() { Name = name, DataType = (int)ElementType.Float, DataLocation = TensorProto.Types.DataLocation.External };
        tensor.Dims.Add(range.Length / sizeof(float));
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = SmallModel.DataName });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = $"{range.Offset}" });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = $"{range.Length}" });
        return tensor;
    }
}
