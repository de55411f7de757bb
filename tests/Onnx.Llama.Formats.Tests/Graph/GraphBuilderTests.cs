using Onnx.Llama.Graph;
using static Onnx.Llama.Graph.NodeAttribute;

namespace Onnx.Llama.Formats.Tests.Graph;

public sealed class GraphBuilderTests
{
    private readonly GraphBuilder _graph = new("mistakes");

    public GraphBuilderTests() => _graph.Input("x", ElementType.Float, "rows", 4);

    [Fact]
    public void Node_WithOneOutput_NamesItAfterTheNode() => Assert.Equal("/sum/Add/output_0", _graph.Node("/sum/Add", OpNames.Add, ["x", "x"]));

    [Fact]
    public void Node_OfAnUndefinedInput_IsRefused() => Refused(
        () => _graph.Node("/sum/Add", OpNames.Add, ["x", "y"]),
        "/sum/Add: input 'y' of Add is not defined; expected a graph input, an initializer or an earlier node's output.");

    [Fact]
    public void Node_OfAnAbsentInput_IsTaken() => Assert.Equal("/cut/Slice/output_0", _graph.Node("/cut/Slice", OpNames.Slice, ["x", "", ""]));

    [Fact]
    public void Node_OfATakenName_IsRefused()
    {
        _graph.Node("/sum", OpNames.Add, ["x", "x"]);
        Refused(() => _graph.Node("/sum", OpNames.QuickGelu, ["x"]), "/sum: is the name of two nodes, the second com.microsoft.QuickGelu; expected one.");
    }

    [Fact]
    public void Node_OfATakenOutput_NamesBothDefinitions()
    {
        _graph.Node("/first", OpNames.Add, ["x", "x"], ["y"]);
        Refused(() => Node("/second", ["y"]), "y: is defined twice, as an output of node '/first' and as an output of node '/second'; expected one definition.");
        Refused(() => Node("/third", ["x"]), "x: is defined twice, as an input and as an output of node '/third'; expected one definition.");
    }

    [Fact]
    public void Node_OfAnAttributeTwice_IsRefused() => Refused(
        () => _graph.Node("/pick/Gather", OpNames.Gather, ["x", "x"], Int("axis", 0), Int("axis", 1)),
        "/pick/Gather: attribute 'axis' of Gather stands twice; expected it once.");

    [Fact]
    public void Input_OfATakenName_IsRefused()
    {
        _graph.Int64s("w", 1);
        Refused(() => _graph.Input("w", ElementType.Float), "w: is defined twice, as an initializer and as an input; expected one definition.");
    }

    [Fact]
    public void Input_WithoutAName_IsRefused() => Refused(() => _graph.Input("", ElementType.Float), "an input: has no name; expected one.");

    [Fact]
    public void Input_OfAnImpossibleDimension_IsRefused()
    {
        Refused(() => _graph.Input("a", ElementType.Float, -1), "a: has a dimension '-1'; expected a length of 0 or more, or a name.");
        Refused(() => _graph.Input("b", ElementType.Float, "rows", ""), "b: has a dimension ''; expected a length of 0 or more, or a name.");
    }

    [Fact]
    public void Initializer_OfATakenName_IsRefused() => Refused(
        () => _graph.OverridableInt64s("x", 1), "x: is defined twice, as an input and as an initializer; expected one definition.");

    [Fact]
    public void Initializer_OfOtherBytesThanTheShapes_IsRefused() => Refused(
        () => _graph.Initializer("w", ElementType.Float16, [2, 3], new byte[13]), "w: has 13 bytes; expected 12 ([2, 3] Float16).");

    [Theory]
    [InlineData(-2, 3, "[-2, 3] Int64")]
    [InlineData(1L << 31, 1L << 30, "[2147483648, 1073741824] Int64")]
    public void Initializer_OfAShapeWithoutASize_IsRefused(long rows, long columns, string expected) => Refused(
        () => _graph.Initializer("w", ElementType.Int64, [rows, columns], []), $"w: is {expected}; expected no negative length, and fewer than 2^63 bytes.");

    [Fact]
    public void External_OfAnotherLengthThanTheShapes_IsRefused() => Refused(
        () => _graph.External("w", ElementType.BFloat16, [2, 3], "model.onnx.data", new ExternalRange(0, 6)),
        "w: has 6 bytes in model.onnx.data; expected 12 ([2, 3] BFloat16).");

    [Fact]
    public void External_OfALocationOutsideTheFolder_IsRefused() => Refused(
        () => _graph.External("w", ElementType.UInt8, [1], "../model.onnx.data", new ExternalRange(0, 1)),
        "w: the location is '../model.onnx.data'; expected a path inside the model's folder, relative and with forward slashes.");

    [Fact]
    public void External_OfANegativeOffset_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(
        () => _graph.External("w", ElementType.UInt8, [1], "model.onnx.data", new ExternalRange(-64, 1)));

    [Fact]
    public void Output_OfAnUndefinedValue_IsRefused() => Refused(
        () => _graph.Output("y", ElementType.Float), "y: is not defined; expected an output of the graph to be an input or an earlier node's output.");

    [Fact]
    public void Output_Twice_IsRefused()
    {
        _graph.Output("x", ElementType.Float, "rows", 4);
        Refused(() => _graph.Output("x", ElementType.Float, "rows", 4), "x: is an output of the graph already; expected it once.");
    }

    [Fact]
    public void Build_ImportsTheDomainsInUse_WhateverTheirOrder()
    {
        _graph.Node("/gelu", OpNames.QuickGelu, ["x"]);
        _graph.Node("/other", new OperatorName("a.domain", "Op"), ["x"]);

        Assert.StartsWith("ir 10; opsets ai.onnx:21, a.domain:1, com.microsoft:1; producer tests\n", GraphOutline.Of(_graph.Build(21, 10, "tests")), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_IsNotChangedByWhatIsAddedLater()
    {
        OnnxModel model = _graph.Build(21, 10, "tests");
        byte[] before = model.ToBytes();
        _graph.Node("/sum/Add", OpNames.Add, ["x", "x"]);

        Assert.Equal(before, model.ToBytes());
    }

    private void Node(string name, string[] outputs) => _graph.Node(name, OpNames.Add, ["x", "x"], outputs);

    private static void Refused(Action action, string message) => Assert.Equal(message, Assert.Throws<GraphException>(action).Message);
}
