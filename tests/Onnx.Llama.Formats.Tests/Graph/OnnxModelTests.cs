using Onnx.Llama.Graph;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Formats.Tests.Graph;

/// <summary>The file's form: field numbers are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, written here a second time.</summary>
public sealed class OnnxModelTests
{
    [Fact]
    public void ToBytes_OfAParsedModel_GivesTheSameBytes()
    {
        byte[] bytes = SmallGraph.Build().ToBytes();

        Assert.Equal(bytes, OnnxModel.Parse(bytes, "small.onnx").ToBytes());
    }

    [Fact]
    public void ToBytes_OfFieldsOfLaterVersions_KeepsThem()
    {
        byte[] later = [.. SmallGraph.Build().ToBytes(), 0xCA, 0x01, 0x03, (byte)'n', (byte)'e', (byte)'w']; // field 25, functions

        byte[] kept = OnnxModel.Parse(later, "small.onnx").ToBytes();
        Assert.Equal("new", new WireMessage(kept).Text(25));
    }

    [Fact]
    public void ToBytes_OfAModel_HasOnnxFieldNumbers()
    {
        WireMessage model = new(SmallGraph.Build().ToBytes());
        Assert.Equal([1, 2, 7, 8], model.Fields);
        Assert.Equal(10, model.Number(1)); // ir_version
        Assert.Equal("tests", model.Text(2)); // producer_name
        WireMessage[] opsets = model.Messages(8); // opset_import: domain 1, version 2
        Assert.Equal(["", "com.microsoft"], opsets.Select(opset => opset.Text(1)));
        Assert.Equal([21, 1], opsets.Select(opset => opset.Number(2)));

        WireMessage graph = model.Message(7);
        Assert.Equal([1, 2, 5, 11, 12], graph.Fields); // node, name, initializer, input, output
        Assert.Equal("small", graph.Text(2));
    }

    [Fact]
    public void ToBytes_OfNodes_HasOnnxFieldNumbers()
    {
        WireMessage[] nodes = new WireMessage(SmallGraph.Build().ToBytes()).Message(7).Messages(1);
        Assert.Equal(["/product/FusedMatMul", "/sum/Add", "/cut/Slice"], nodes.Select(node => node.Text(3)));
        Assert.Equal(["FusedMatMul", "Add", "Slice"], nodes.Select(node => node.Text(4)));
        Assert.Equal(["com.microsoft", "", ""], nodes.Select(node => node.Text(7)));
        Assert.Equal(["/sum/Add/output_0", "from", "end", "", "step"], nodes[2].Texts(1));
        Assert.Equal(["y"], nodes[2].Texts(2));

        WireMessage[] attributes = nodes[0].Messages(5); // name 1, f 2, i 3, s 4, type 20
        Assert.Equal(["transB", "alpha"], attributes.Select(attribute => attribute.Text(1)));
        Assert.Equal(1, attributes[0].Number(3));
        Assert.Equal(2, attributes[0].Number(20)); // INT
        Assert.Equal(0.1f, BitConverter.ToSingle(attributes[1].Bytes(2)));
        Assert.Equal(1, attributes[1].Number(20)); // FLOAT
        WireMessage text = Assert.Single(nodes[2].Messages(5));
        Assert.Equal("Grüße", text.Text(4));
        Assert.Equal(3, text.Number(20)); // STRING
    }

    [Fact]
    public void ToBytes_OfInitializers_HasOnnxFieldNumbers()
    {
        // dims 1, data_type 2, name 8, raw_data 9, external_data 13 (key 1, value 2), data_location 14
        WireMessage[] tensors = new WireMessage(SmallGraph.Build().ToBytes()).Message(7).Messages(5);
        Assert.Equal(["w", "b", "from", "end", "step"], tensors.Select(tensor => tensor.Text(8)));

        WireMessage external = tensors[0];
        Assert.Equal([1, 2, 8, 13, 14], external.Fields);
        Assert.Equal([8, 4], external.Numbers(1));
        Assert.Equal(1, external.Number(2)); // FLOAT
        Assert.Equal(1, external.Number(14)); // EXTERNAL
        Assert.Equal(["location=small.onnx.data", "offset=4096", "length=128"], external.Messages(13).Select(entry => $"{entry.Text(1)}={entry.Text(2)}"));

        WireMessage inline = tensors[2];
        Assert.Equal([1, 2, 8, 9], inline.Fields);
        Assert.Equal([1], inline.Numbers(1));
        Assert.Equal(7, inline.Number(2)); // INT64
        Assert.Equal(Enumerable.Repeat((byte)0xFF, 8), inline.Bytes(9)); // -1
        Assert.Equal([2, 8, 9], tensors[4].Fields); // a scalar has no dims
    }

    [Fact]
    public void ToBytes_OfInputsAndOutputs_HasOnnxFieldNumbers()
    {
        WireMessage graph = new WireMessage(SmallGraph.Build().ToBytes()).Message(7);
        Assert.Equal(["x", "from"], graph.Messages(11).Select(value => value.Text(1)));
        WireMessage output = Assert.Single(graph.Messages(12));
        Assert.Equal("y", output.Text(1));

        WireMessage tensor = output.Message(2).Message(1); // type, tensor_type: elem_type 1, shape 2
        Assert.Equal(1, tensor.Number(1)); // FLOAT
        WireMessage[] dimensions = tensor.Message(2).Messages(1); // dim: dim_value 1, dim_param 2
        Assert.Equal("some_rows", dimensions[0].Text(2));
        Assert.Equal(8, dimensions[1].Number(1));
    }

    [Theory]
    [InlineData(ElementType.Float, 1, 4)]
    [InlineData(ElementType.UInt8, 2, 1)]
    [InlineData(ElementType.Int8, 3, 1)]
    [InlineData(ElementType.Int32, 6, 4)]
    [InlineData(ElementType.Int64, 7, 8)]
    [InlineData(ElementType.Bool, 9, 1)]
    [InlineData(ElementType.Float16, 10, 2)]
    [InlineData(ElementType.Double, 11, 8)]
    [InlineData(ElementType.BFloat16, 16, 2)]
    public void ElementTypes_HaveOnnxNumbersAndSizes(ElementType type, int number, int bytes)
    {
        GraphBuilder graph = new("types");
        graph.Initializer("t", type, [3], new byte[3 * bytes]);

        Assert.Equal(number, new WireMessage(graph.Build(21, 10, "tests").ToBytes()).Message(7).Message(5).Number(2));
    }

    [Fact]
    public void Bytes_OfAnUnknownElementType_IsRefused()
    {
        GraphException fault = Assert.Throws<GraphException>(() => ((ElementType)22).Bytes());
        Assert.Equal("element type 22: is not known; expected one of Float, UInt8, Int8, Int32, Int64, Bool, Float16, Double, BFloat16.", fault.Message);
    }

    [Fact]
    public void ToBytes_UpToTheLimit_IsWritten()
    {
        OnnxModel model = SmallGraph.Build();
        int length = model.ToBytes().Length;

        Assert.Equal(length, model.ToBytes(limit: length).Length);
        GraphException fault = Assert.Throws<GraphException>(() => model.ToBytes(limit: length - 1));
        Assert.Equal($"small: has {length} bytes; a graph's file ends at {length - 1}. Put large tensors into external data.", fault.Message);
    }

    [Fact]
    public void ToBytes_OfRawBytesBeyondTheLimit_IsRefusedByTheirSum()
    {
        // 32 + 3 x 8 bytes of initializers: counted in 64 bits before protocol buffers count in 32.
        GraphException fault = Assert.Throws<GraphException>(() => SmallGraph.Build().ToBytes(limit: 55));
        Assert.Equal("small: has 56 bytes; a graph's file ends at 55. Put large tensors into external data.", fault.Message);
    }

    [Fact]
    public void GreatestLength_IsWhatProtocolBuffersAndArraysHold()
    {
        Assert.InRange(OnnxModel.GreatestLength, int.MaxValue - 64, int.MaxValue);
    }

    [Fact]
    public void Read_OfAFileBeyondTheLimit_IsRefusedUnread()
    {
        using TemporaryFolder folder = new();
        string path = folder["large.onnx"];
        using (FileStream file = File.Create(path)) file.SetLength(3L << 30); // sparse

        GraphException fault = Assert.Throws<GraphException>(() => OnnxModel.Read(path));
        Assert.StartsWith($"{path}: has 3221225472 bytes; a graph's file ends at ", fault.Message, StringComparison.Ordinal);
    }
}
