using Onnx.Llama.Graph;
using Onnx.Llama.Graph.Proto;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Formats.Tests.Graph;

/// <summary>What <see cref="OnnxModel.Read"/> and <see cref="OnnxModel.Parse"/> take and refuse.</summary>
public sealed class OnnxModelReadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Model => _folder["small.onnx"];

    private string Data => _folder[SmallGraph.DataFile];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_OfAGraphWithItsData_GivesTheGraph()
    {
        byte[] bytes = Save(SmallGraph.Build(), SmallGraph.Weights.Offset + SmallGraph.Weights.Length);

        Assert.Equal(bytes, OnnxModel.Read(Model).ToBytes());
    }

    [Fact]
    public void Read_ThroughLinks_LooksAtTheTargets()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "making links needs a privilege there");
        Save(SmallGraph.Build(), SmallGraph.Weights.Offset + SmallGraph.Weights.Length);
        Directory.CreateDirectory(_folder["linked"]);
        File.CreateSymbolicLink(_folder["linked/small.onnx"], Model);
        File.CreateSymbolicLink(_folder[$"linked/{SmallGraph.DataFile}"], Data);

        Assert.Equal("small", OnnxModel.Read(_folder["linked/small.onnx"]).Proto.Graph.Name);
    }

    [Fact]
    public void Read_OfNoFile_NamesIt()
    {
        GraphException fault = Assert.Throws<GraphException>(() => OnnxModel.Read(Model));
        Assert.StartsWith($"{Model}: cannot be read: ", fault.Message, StringComparison.Ordinal);
        Assert.Equal(Model, fault.Subject);
    }

    [Fact]
    public void Read_OfAnEmptyFile_IsRefused()
    {
        File.WriteAllBytes(Model, []);
        Refused(() => OnnxModel.Read(Model), $"{Model}: is empty; expected an ONNX model.");
    }

    [Fact]
    public void Read_WithoutTheDataFile_NamesTheTensorAndThePath()
    {
        File.WriteAllBytes(Model, SmallGraph.Build().ToBytes());

        GraphException fault = Assert.Throws<GraphException>(() => OnnxModel.Read(Model));
        Assert.StartsWith($"{Model}: tensor 'w': its data cannot be read: ", fault.Message, StringComparison.Ordinal);
        Assert.EndsWith($"Expected {Data} beside the graph.", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfACutDataFile_NamesBothLengths()
    {
        Save(SmallGraph.Build(), dataLength: 4223);
        Refused(
            () => OnnxModel.Read(Model),
            $"{Model}: tensor 'w': has 128 bytes from 4096 on in 'small.onnx.data', which has 4223; expected them inside the file. "
            + "It is cut off or another graph's: convert or download the model again.");
    }

    [Theory]
    [InlineData("9223372036854775807", "has 128 bytes from 9223372036854775807 on in 'small.onnx.data', which has 4224; expected")]
    [InlineData("4097", "has 128 bytes from 4097 on in 'small.onnx.data', which has 4224; expected")]
    public void Read_OfAnOffsetBeyondTheData_IsRefused(string offset, string expected)
    {
        OnnxModel model = SmallGraph.Build();
        Entry(model, "offset").Value = offset;
        Save(model, 4224);

        GraphException fault = Assert.Throws<GraphException>(() => OnnxModel.Read(Model));
        Assert.StartsWith($"{Model}: tensor 'w': {expected}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WithoutALength_TakesItFromTheShape()
    {
        OnnxModel model = SmallGraph.Build();
        Tensor(model).ExternalData.Remove(Entry(model, "length"));
        Save(model, 4224);
        OnnxModel.Read(Model);

        Save(model, 4223);
        Assert.Contains("has 128 bytes from 4096 on", Assert.Throws<GraphException>(() => OnnxModel.Read(Model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfDataInAnInnerGraph_IsCheckedToo()
    {
        OnnxModel model = SmallGraph.Build();
        TensorProto moved = Tensor(model).Clone();
        moved.Name = "inner";
        GraphProto inner = new();
        inner.Node.Add(new NodeProto { Attribute = { new AttributeProto { Name = "value", T = moved } } });
        model.Proto.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "then_branch", G = inner });
        Save(model, 4224);
        OnnxModel.Read(Model);

        moved.ExternalData[0].Value = "../small.onnx.data";
        Assert.StartsWith("m.onnx: tensor 'inner': the location is '../small.onnx.data'; ", Assert.Throws<GraphException>(() => Parse(model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_OfAnotherFormat_IsRefused()
    {
        GraphException fault = Assert.Throws<GraphException>(() => OnnxModel.Parse("GGUF is no protobuf"u8, "m.onnx"));
        Assert.StartsWith("m.onnx: is not an ONNX model: ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_OfACutModel_IsRefusedAtEveryLength()
    {
        byte[] bytes = SmallGraph.Build().ToBytes();
        int whole = 0;
        for (int length = 0; length < bytes.Length; length++)
        {
            try
            {
                OnnxModel.Parse(bytes.AsSpan(0, length), "m.onnx");
                whole++;
            }
            catch (GraphException fault)
            {
                Assert.StartsWith("m.onnx: ", fault.Message, StringComparison.Ordinal);
            }
        }

        // A cut between two fields of the model itself is no mistake of form: after the graph, and after the first of two opset_imports.
        Assert.Equal(2, whole);
    }

    [Fact]
    public void Parse_OfGraphsNestedWithoutEnd_IsRefused()
    {
        OnnxModel model = SmallGraph.Build();
        GraphProto deepest = model.Proto.Graph;
        for (int depth = 0; depth < 200; depth++)
        {
            GraphProto inner = new();
            deepest.Node.Add(new NodeProto { Attribute = { new AttributeProto { Name = "body", G = inner } } });
            deepest = inner;
        }

        Assert.StartsWith("m.onnx: is not an ONNX model: ", Assert.Throws<GraphException>(() => Parse(model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_OfNoGraph_IsRefused() => Refused(() => OnnxModel.Parse([0x08, 0x0A], "m.onnx"), "m.onnx: holds no graph; expected an ONNX model.");

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("../other.data")]
    [InlineData("data/../../other.data")]
    [InlineData("./w.data")]
    [InlineData("data//w.data")]
    [InlineData("data/")]
    [InlineData(@"data\w.data")]
    [InlineData(@"\\server\share\w.data")]
    [InlineData("C:/w.data")]
    [InlineData("w\0.data")]
    public void Parse_OfALocationOutsideTheFolder_IsRefused(string location)
    {
        OnnxModel model = SmallGraph.Build();
        Entry(model, "location").Value = location;
        Refused(
            () => Parse(model),
            $"m.onnx: tensor 'w': the location is '{location}'; expected a path inside the model's folder, relative and with forward slashes.");
    }

    [Fact]
    public void Parse_OfNoLocation_IsRefused()
    {
        OnnxModel model = SmallGraph.Build();
        Tensor(model).ExternalData.Clear();
        Refused(() => Parse(model), "m.onnx: tensor 'w': the location is ''; expected a path inside the model's folder, relative and with forward slashes.");
    }

    [Theory]
    [InlineData("offset", "")]
    [InlineData("offset", "-1")]
    [InlineData("offset", "4096 ")]
    [InlineData("offset", "0x1000")]
    [InlineData("offset", "9223372036854775808")]
    [InlineData("length", "-128")]
    [InlineData("length", "1e3")]
    [InlineData("length", "all")]
    public void Parse_OfWhatIsNoNumber_IsRefused(string key, string value)
    {
        OnnxModel model = SmallGraph.Build();
        Entry(model, key).Value = value;
        Refused(() => Parse(model), $"m.onnx: tensor 'w': the {key} is '{value}'; expected a number of bytes, 0 to 9223372036854775807.");
    }

    [Fact]
    public void Parse_OfAKeyTwice_IsRefused()
    {
        OnnxModel model = SmallGraph.Build();
        Tensor(model).ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = "0" });
        Refused(() => Parse(model), "m.onnx: tensor 'w': the offset stands twice, as '4096' and '0'; expected it once.");
    }

    [Fact]
    public void Parse_OfALengthThatIsNotTheShapes_IsRefused()
    {
        OnnxModel model = SmallGraph.Build();
        Entry(model, "length").Value = "124";
        Refused(() => Parse(model), "m.onnx: tensor 'w': has 124 bytes in 'small.onnx.data'; expected 128 ([8, 4] Float).");
    }

    [Theory]
    [InlineData(-8, "[-8, 4] Float")]
    [InlineData(long.MaxValue, "[9223372036854775807, 4] Float")]
    public void Parse_OfAShapeWithoutASize_IsRefused(long rows, string expected)
    {
        OnnxModel model = SmallGraph.Build();
        Tensor(model).Dims[0] = rows;
        Refused(() => Parse(model), $"m.onnx: tensor 'w': is {expected}; expected no negative length, and fewer than 2^63 bytes.");
    }

    [Fact]
    public void Parse_OfATypeThatOnlyOnnxRuntimeKnows_LeavesItsSizeOpen()
    {
        OnnxModel model = SmallGraph.Build();
        Tensor(model).DataType = (int)TensorProto.Types.DataType.Uint4;

        Assert.Equal(model.ToBytes(), Parse(model).ToBytes());
    }

    private static TensorProto Tensor(OnnxModel model) => model.Proto.Graph.Initializer.Single(tensor => tensor.Name == "w");

    private static StringStringEntryProto Entry(OnnxModel model, string key) => Tensor(model).ExternalData.Single(entry => entry.Key == key);

    private static OnnxModel Parse(OnnxModel model) => OnnxModel.Parse(model.ToBytes(), "m.onnx");

    private static void Refused(Func<object> action, string message) => Assert.Equal(message, Assert.Throws<GraphException>(action).Message);

    private byte[] Save(OnnxModel model, long dataLength)
    {
        byte[] bytes = model.ToBytes();
        File.WriteAllBytes(Model, bytes);
        using FileStream data = File.Create(Data);
        data.SetLength(dataLength);
        return bytes;
    }
}
