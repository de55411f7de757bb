using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Weights;

public sealed class CheckpointWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Checkpoint _checkpoint;

    public CheckpointWeightsTests()
    {
        // 3 x 2 numbers that every float format holds exactly.
        new SafetensorsWriter()
            .Add("f32", [3, 2], [1, -2, 0.5f, 4, -0.25f, 8])
            .Add("f16", DType.F16, [3, 2], Bytes(2, value => BitConverter.GetBytes((Half)value)))
            .Add("bf16", DType.BF16, [3, 2], Bytes(2, value => BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(value) >> 16))))
            .Add("f64", DType.F64, [3, 2], Bytes(8, value => BitConverter.GetBytes((double)value)))
            .Add("i32", DType.I32, [3, 2], new byte[24])
            .Add("vector", [3], [1, -2, 0.5f])
            .Add("model.layers.0.self_attn.rotary_emb.inv_freq", [1], [1])
            .Save(_folder["model.safetensors"]);
        _checkpoint = Checkpoint.Open(_folder.Path);
    }

    [Theory]
    [InlineData("f32")]
    [InlineData("f16")]
    [InlineData("bf16")]
    [InlineData("f64")]
    public void Matrix_EveryDType_GivesAnyRangeOfRows(string name) =>
        RowRanges.AssertAll(Source().Matrix(name, 3, 2, ""), [[1, -2], [0.5f, 4], [-0.25f, 8]]);

    [Fact]
    public void Vector_IsOneRow() => RowRanges.AssertAll(Source().Vector("vector", 3, ""), [[1, -2, 0.5f]]);

    [Fact]
    public void Column_IsARowForEachElement() => RowRanges.AssertAll(Source().Column("vector", 3, ""), [[1], [-2], [0.5f]]);

    [Fact]
    public void Matrix_Integers_AreRefusedByName()
    {
        ConversionException fault = Assert.Throws<ConversionException>(() => Source().Matrix("i32", 3, 2, ""));

        Assert.Contains("'i32' is [3, 2] I32; expected floating-point weights", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Matrix_AnotherShape_NamesFileTensorAndBothShapes()
    {
        ConversionException fault = Assert.Throws<ConversionException>(() => Source().Matrix("f32", 2, 3, "rows x columns"));

        Assert.Contains("model.safetensors: tensor 'f32' is [3, 2] F32; expected [2, 3] (rows x columns)", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Matrix_Missing_NamesTheNearestTensor()
    {
        CheckpointException fault = Assert.Throws<CheckpointException>(() => Source().Matrix("vectr", 3, 2, ""));

        Assert.Contains("'vectr'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("vector", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RefuseLeftovers_UnusedTensors_NamesThemButNotDerivedOnes()
    {
        CheckpointWeights weights = Source();
        foreach (string name in new[] { "f16", "bf16", "f64" }) weights.Matrix(name, 3, 2, "");

        ConversionException fault = Assert.Throws<ConversionException>(() => weights.RefuseLeftovers("llama"));

        Assert.Contains("'f32' [3, 2] F32", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("inv_freq", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("'f64'", fault.Message, StringComparison.Ordinal);
    }

    private CheckpointWeights Source() => new(_checkpoint, new WeightRoot("", "", []));

    public void Dispose()
    {
        _checkpoint.Dispose();
        _folder.Dispose();
    }

    private static byte[] Bytes(int size, Func<float, byte[]> encode)
    {
        byte[] bytes = [.. new[] { 1, -2, 0.5f, 4, -0.25f, 8 }.SelectMany(encode)];
        Assert.Equal(6 * size, bytes.Length);
        return bytes;
    }
}
