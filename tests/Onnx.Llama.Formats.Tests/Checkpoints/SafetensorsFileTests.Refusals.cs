using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Formats.Tests.Checkpoints;

/// <summary>All that the format forbids, each from literal bytes.</summary>
public sealed partial class SafetensorsFileTests
{
    [Fact]
    public void Open_ShorterThanEightBytes_SaysSo() =>
        AssertRefused([1, 0, 0, 0, 0, 0, 0], null, "is 7 bytes; a safetensors file has at least 8. Download it again.");

    [Fact]
    public void Open_HeaderTooLong_NamesLengthAndLimit() =>
        AssertRefused(
            [1, 0xe1, 0xf5, 5, 0, 0, 0, 0, (byte)'{'], null,
            "the header's length is 100000001 bytes; the format allows at most 100000000. This is not a safetensors file, or is damaged.");

    [Fact]
    public void Open_HeaderLengthNegativeAsSigned_NamesLengthAndLimit() =>
        AssertRefused(
            [255, 255, 255, 255, 255, 255, 255, 255, (byte)'{'], null,
            "the header's length is 18446744073709551615 bytes; the format allows at most 100000000. This is not a safetensors file, or is damaged.");

    [Fact]
    public void Open_HeaderCutOff_NamesBothLengths() =>
        AssertRefused(
            [3, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}'], null,
            "the header is cut off: its length is 3 bytes, but only 2 follow. Download the file again.");

    [Fact]
    public void Open_HeaderEmpty_SaysSo() =>
        AssertRefused("", 0, null, "the header begins with nothing; expected '{'. This is not a safetensors file, or is damaged.");

    [Theory]
    [InlineData(" {}", "20")]
    [InlineData("[]", "5b")]
    [InlineData("\uFEFF{}", "ef")]
    public void Open_HeaderNotBeginningWithBrace_NamesTheByte(string json, string found) =>
        AssertRefused(json, 0, null, $"the header begins with byte 0x{found}; expected '{{'. This is not a safetensors file, or is damaged.");

    [Fact]
    public void Open_HeaderNotUtf8_SaysSo() =>
        AssertRefused(
            [6, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'"', 0xc3, 0x28, (byte)'"', (byte)'}'], null,
            "the header is not UTF-8. The file is damaged: download it again.");

    [Theory]
    [InlineData("{")]
    [InlineData("{'a':1}")]
    [InlineData("{}\0\0")]
    [InlineData("{}{}")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},}")]
    [InlineData("{/* */}")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[1")]
    [InlineData("{\"\\ud800\":{}}")]
    [InlineData("{\"__metadata__\":{\"a\":\"\\udfff\"}}")]
    public void Open_HeaderNotJson_SaysSo(string json) =>
        Assert.StartsWith("model.safetensors: the header is not JSON: ", Refusal(json, 1).Message, StringComparison.Ordinal);

    [Fact]
    public void Open_NameTwice_NamesIt() => AssertRefused(
        """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "a",
        "'a' appears twice in the header; expected each name once.");

    [Fact]
    public void Open_NameTwiceThroughAnEscape_NamesIt() => AssertRefused(
        """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\u0061":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "a",
        "'a' appears twice in the header; expected each name once.");

    [Fact]
    public void Open_MetadataTwice_NamesIt() => AssertRefused(
        """{"__metadata__":{},"__metadata__":{}}""", 0, "__metadata__", "'__metadata__' appears twice in the header; expected each name once.");

    [Fact]
    public void Open_MetadataKeyTwice_NamesIt() =>
        AssertRefused("""{"__metadata__":{"k":"1","k":"2"}}""", 0, "__metadata__", "'__metadata__.k' appears twice; expected each key once.");

    [Theory]
    [InlineData("1", "1")]
    [InlineData("[]", "a list")]
    [InlineData("\"pt\"", "\"pt\"")]
    public void Open_MetadataNotAnObject_ShowsIt(string value, string shown) =>
        AssertRefused($$"""{"__metadata__":{{value}}}""", 0, "__metadata__", $"'__metadata__' is {shown}; expected an object of strings.");

    [Theory]
    [InlineData("1", "1")]
    [InlineData("{}", "an object")]
    [InlineData("null", "null")]
    public void Open_MetadataValueNotAString_ShowsIt(string value, string shown) =>
        AssertRefused($$$"""{"__metadata__":{"k":{{{value}}}}}""", 0, "__metadata__", $"'__metadata__.k' is {shown}; expected a string.");

    [Theory]
    [InlineData("5", "5")]
    [InlineData("[{}]", "a list")]
    [InlineData("true", "true")]
    public void Open_EntryNotAnObject_ShowsIt(string value, string shown) =>
        AssertRefused($$"""{"a":{{value}}}""", 0, "a", $"tensor 'a' is {shown}; expected an object of \"dtype\", \"shape\" and \"data_offsets\".");

    [Theory]
    [InlineData("dtype", """{"shape":[1],"data_offsets":[0,1]}""")]
    [InlineData("shape", """{"dtype":"U8","data_offsets":[0,1]}""")]
    [InlineData("data_offsets", """{"dtype":"U8","shape":[1]}""")]
    public void Open_FieldMissing_NamesIt(string field, string entry) =>
        AssertRefused($$"""{"a":{{entry}}}""", 1, "a", $"tensor 'a' has no \"{field}\"; expected \"dtype\", \"shape\" and \"data_offsets\".");

    [Fact]
    public void Open_FieldTooMany_NamesIt() => AssertRefused(
        """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"strides":[1]}}""", 1, "a",
        "tensor 'a' has a field \"strides\"; expected \"dtype\", \"shape\" and \"data_offsets\" only.");

    [Theory]
    [InlineData("dtype", "\"U8\"")]
    [InlineData("shape", "[1]")]
    [InlineData("data_offsets", "[0,1]")]
    public void Open_FieldTwice_NamesIt(string field, string value) => AssertRefused(
        $$$"""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"{{{field}}}":{{{value}}}}}""", 1, "a",
        $"tensor 'a' has \"{field}\" twice; expected it once.");

    [Theory]
    [InlineData("\"F33\"", "\"F33\"")]
    [InlineData("\"bf16\"", "\"bf16\"")]
    [InlineData("\"4\"", "\"4\"")]
    [InlineData("4", "4")]
    [InlineData("null", "null")]
    [InlineData("[\"U8\"]", "a list")]
    public void Open_DTypeUnknown_ShowsItAndTheKnownOnes(string value, string shown) => AssertRefused(
        $$$"""{"a":{"dtype":{{{value}}},"shape":[1],"data_offsets":[0,1]}}""", 1, "a",
        $"tensor 'a' has as \"dtype\" {shown}; expected one of BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E5M2, F8_E4M3, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ, "
        + "I16, U16, F16, BF16, I32, U32, F32, C64, F64, I64, U64.");

    [Theory]
    [InlineData("shape", "1", "1")]
    [InlineData("shape", "null", "null")]
    [InlineData("data_offsets", "{}", "an object")]
    public void Open_ListExpected_ShowsWhatWasFound(string field, string value, string shown) => AssertRefused(
        Entry(field, value), 1, "a", $"tensor 'a' has as \"{field}\" {shown}; expected a list of integers.");

    [Theory]
    [InlineData("shape", "[-1]", "-1")]
    [InlineData("shape", "[1.0]", "1.0")]
    [InlineData("shape", "[1e0]", "1e0")]
    [InlineData("shape", "[\"1\"]", "\"1\"")]
    [InlineData("shape", "[[1]]", "a list")]
    [InlineData("shape", "[9223372036854775808]", "9223372036854775808")]
    [InlineData("data_offsets", "[-1,0]", "-1")]
    [InlineData("data_offsets", "[0,true]", "true")]
    public void Open_IntegerExpected_ShowsWhatWasFound(string field, string value, string shown) => AssertRefused(
        Entry(field, value), 1, "a", $"tensor 'a' has in \"{field}\" {shown}; expected an integer from 0 to 9223372036854775807.");

    [Theory]
    [InlineData("[]", 0)]
    [InlineData("[0]", 1)]
    [InlineData("[0,1,2]", 3)]
    public void Open_OffsetsNotTwo_CountsThem(string value, int count) =>
        AssertRefused(Entry("data_offsets", value), 1, "a", $"tensor 'a' has {count} values in \"data_offsets\"; expected 2, begin and end.");

    [Fact]
    public void Open_BeginAfterEnd_NamesBoth() =>
        AssertRefused(Entry("data_offsets", "[3,2]"), 3, "a", "tensor 'a' begins at byte 3 of the data and ends at 2; expected begin <= end.");

    [Fact]
    public void Open_EndPastWhatAFileCanHave_NamesIt() => AssertRefused(
        """{"a":{"dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]}}""", 1, "a",
        "tensor 'a' ends at byte 9223372036854775807 of the data, past what a file can have.");

    [Theory]
    [InlineData("U8", "[2]", "[2] U8", 2)]
    [InlineData("F32", "[]", "[] F32", 4)]
    [InlineData("BF16", "[0]", "[0] BF16", 0)]
    public void Open_ShapeNotOfTheBytes_NamesBoth(string dtype, string shape, string shown, int bytes) => AssertRefused(
        $$$"""{"a":{"dtype":"{{{dtype}}}","shape":{{{shape}}},"data_offsets":[0,1]}}""", 1, "a",
        $"tensor 'a' has 1 bytes (from 0 to 1); {shown} takes {bytes}.");

    [Theory]
    [InlineData("[4294967296,4294967296]")]
    [InlineData("[4611686018427387904,2,0]")]
    [InlineData("[9223372036854775807]")]
    public void Open_ShapeOverflows_ShowsIt(string shape) => AssertRefused(
        Entry("shape", shape), 1, "a",
        $"tensor 'a' is {shape.Replace(",", ", ", StringComparison.Ordinal)} U8; its size in bits is more than a 64-bit number holds. The file is damaged.");

    [Fact]
    public void Open_BitsNotWholeBytes_CountsThem() =>
        AssertRefused("""{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}""", 2, "a", "tensor 'a' is [3] F4, 12 bits; expected whole bytes.");

    [Fact]
    public void Open_Overlap_NamesBothTensorsAndPositions() => AssertRefused(
        """{"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 6, "b",
        "tensor 'b' begins at byte 2 of the data, inside tensor 'a'; expected 4. The file is damaged.");

    [Fact]
    public void Open_SameRangeTwice_IsOverlap() => AssertRefused(
        """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 4, "b",
        "tensor 'b' begins at byte 0 of the data, inside tensor 'a'; expected 4. The file is damaged.");

    [Fact]
    public void Open_EmptyTensorInsideAnother_IsOverlap() => AssertRefused(
        """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[0],"data_offsets":[2,2]}}""", 4, "b",
        "tensor 'b' begins at byte 2 of the data, inside tensor 'a'; expected 4. The file is damaged.");

    [Fact]
    public void Open_Gap_NamesBothTensorsAndPositions() => AssertRefused(
        """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[4,6]}}""", 6, "b",
        "tensor 'b' begins at byte 4 of the data, leaving a gap after tensor 'a'; expected 2. The file is damaged.");

    [Fact]
    public void Open_GapBeforeTheFirst_NamesIt() => AssertRefused(
        Entry("data_offsets", "[1,2]"), 2, "a", "tensor 'a' begins at byte 1 of the data, leaving a gap after the header; expected 0. The file is damaged.");

    [Fact]
    public void Open_RangePastTheEnd_NamesBothLengths() => AssertRefused(
        """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", 11, "a",
        "tensor 'a' ends at byte 12 of the data, but the file has 11. It is cut off: download it again.");

    [Fact]
    public void Open_BytesAfterTheLastTensor_NamesBothLengths() => AssertRefused(
        """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", 13, null,
        "the tensors end at byte 12 of the data, the file at 13; expected the same. Bytes that belong to no tensor are not allowed.");

    [Fact]
    public void Open_NameOfControlCharacters_ShowsThemEscaped() =>
        Assert.Contains(@"tensor '\u001b[31m' is 5;", Refusal("""{"\u001b[31m":5}""", 0).Message, StringComparison.Ordinal);

    private static string Entry(string field, string value) => field switch
    {
        "shape" => $$$"""{"a":{"dtype":"U8","shape":{{{value}}},"data_offsets":[0,1]}}""",
        _ => $$$"""{"a":{"dtype":"U8","shape":[1],"data_offsets":{{{value}}}}}""",
    };

    private CheckpointException Refusal(string json, int dataBytes) => Assert.Throws<CheckpointException>(() => Open(json, dataBytes).Dispose());

    private void AssertRefused(string json, int dataBytes, string? key, string problem) => AssertIs(Refusal(json, dataBytes), key, problem);

    private void AssertRefused(byte[] bytes, string? key, string problem) =>
        AssertIs(Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(_folder.Write("model.safetensors", bytes)).Dispose()), key, problem);

    private void AssertIs(CheckpointException error, string? key, string problem)
    {
        Assert.Equal($"model.safetensors: {problem}", error.Message);
        Assert.Equal((key, _folder["model.safetensors"]), (error.Key, error.File));
    }
}
