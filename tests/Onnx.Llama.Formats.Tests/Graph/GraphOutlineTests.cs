using System.Globalization;
using Google.Protobuf;
using Onnx.Llama.Graph;
using Onnx.Llama.Graph.Proto;
using AttributeType = Onnx.Llama.Graph.Proto.AttributeProto.Types.AttributeType;

namespace Onnx.Llama.Formats.Tests.Graph;

public sealed class GraphOutlineTests
{
    private const string Small =
        """
        ir 10; opsets ai.onnx:21, com.microsoft:1; producer tests
        in x Float [rows, 4]
        in from Int64 [1]
        out y Float [some_rows, 8]
        init w Float [8, 4] small.onnx.data[4096..4224]
        init b Float [8]
        init from Int64 [1] = -1
        init end Int64 [1] = 9223372036854775807
        init step Int64 [] = 1
        com.microsoft.FusedMatMul /product/FusedMatMul (x, w) -> (/product/FusedMatMul/output_0) {alpha=0.1, transB=1}
        Add /sum/Add (/product/FusedMatMul/output_0, b) -> (/sum/Add/output_0) {}
        Slice /cut/Slice (/sum/Add/output_0, from, end, , step) -> (y) {note='Grüße'}

        """;

    [Fact]
    public void Of_ASmallGraph_IsALineForEachPart() => Assert.Equal(Small, GraphOutline.Of(SmallGraph.Build()));

    [Fact]
    public void Of_UnderAnotherCulture_IsTheSame()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo foreign = (CultureInfo)CultureInfo.GetCultureInfo("de-DE").Clone();
            foreign.NumberFormat.NegativeSign = "minus";
            CultureInfo.CurrentCulture = foreign;
            Assert.Equal(Small, GraphOutline.Of(SmallGraph.Build()));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Of_AGraphOfAnotherTool_ShowsWhatThereIs()
    {
        GraphProto graph = new()
        {
            Input = { new ValueInfoProto { Name = "untyped" }, Tensor("scalar", shape: null), Tensor("open", new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension() } }) },
            Initializer =
            {
                new TensorProto { Name = "int4", DataType = (int)TensorProto.Types.DataType.Int4, Dims = { 2 }, RawData = ByteString.CopyFrom(0x21) },
                new TensorProto { Name = "typed", DataType = (int)ElementType.Int64, Dims = { 2 }, Int64Data = { 5, -6 } },
                new TensorProto { Name = "real", DataType = (int)ElementType.Double, Dims = { 2 }, DoubleData = { 0.1, -1e300 } },
                new TensorProto { Name = "torn", DataType = (int)ElementType.Int64, Dims = { 1 }, RawData = ByteString.CopyFrom(1, 2, 3) },
                External("rest", [("location", "w.data")]),
            },
            Node =
            {
                new NodeProto
                {
                    Name = "n",
                    OpType = "Op",
                    Attribute =
                    {
                        new AttributeProto { Name = "ints", Type = AttributeType.Ints, Ints = { 1, -2 } },
                        new AttributeProto { Name = "floats", Type = AttributeType.Floats, Floats = { 0.5f, -1 } },
                        new AttributeProto { Name = "body", Type = AttributeType.Graph, G = new GraphProto() },
                    },
                },
            },
        };

        byte[] bytes = new ModelProto { IrVersion = 8, ProducerName = "other", Graph = graph }.ToByteArray();
        Assert.Equal(
            """
            ir 8; opsets ; producer other
            in untyped ?
            in scalar Float
            in open Float [?]
            init int4 22 [2]
            init typed Int64 [2] = 5, -6
            init real Double [2] = 0.1, -1E+300
            init torn Int64 [1]
            init rest UInt8 [4] w.data[0..]
            Op n () -> () {body=<Graph>, floats=[0.5, -1], ints=[1, -2]}

            """,
            GraphOutline.Of(OnnxModel.Parse(bytes, "m.onnx")));
    }

    private static ValueInfoProto Tensor(string name, TensorShapeProto? shape)
    {
        TypeProto.Types.Tensor tensor = new() { ElemType = (int)ElementType.Float };
        if (shape is not null) tensor.Shape = shape;
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    private static TensorProto External(string name, IEnumerable<(string Key, string Value)> entries)
    {
        TensorProto tensor = new() { Name = name, DataType = (int)ElementType.UInt8, Dims = { 4 }, DataLocation = TensorProto.Types.DataLocation.External };
        tensor.ExternalData.Add(entries.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }));
        return tensor;
    }
}
