using Onnx.Llama.Graph;
using Onnx.Llama.Kernels.Forms;
using Onnx.Llama.Kernels.Operators;
using Onnx.Llama.Kernels.Products;

namespace Onnx.Llama.Kernels.Tests.Operators;

/// <summary>Graphs with wrong products and lookups of packed weights: a message, never a crash.</summary>
public sealed class QuantOperatorTests
{
    private const int N = 20;
    private const int K = 64;

    private static PackedMatrix Shape => new(new QuantFormat(4, 32, false), N, K, ProductForms.Lanes(Processor.Current));

    [Fact]
    public void Run_RightOnes_GivesZeros()
    {
        Assert.Equal(new float[3 * N], Product().Run());
        Assert.Equal(new float[2 * K], Lookup([0, -N]).Run());
        Assert.Equal(new float[3 * N], Product(2).With(ProductAttributes.Gate, "silu").Run());
    }

    [Theory]
    [InlineData(ProductAttributes.K, 128, "the packed weights have ")]
    [InlineData(ProductAttributes.K, 0, "K: is 0; expected 1 to ")]
    [InlineData(ProductAttributes.N, 0, "N: is 0; expected 1 to ")]
    [InlineData(ProductAttributes.N, 100000, "the packed weights have ")]
    [InlineData(ProductAttributes.N, 1L << 40, "N: is 1099511627776; expected 1 to ")]
    [InlineData(ProductAttributes.Bits, 3, "bits: is 3; expected 4 to 8")]
    [InlineData(ProductAttributes.Bits, 5, "expected 4 or 8 bits in blocks of 32, 64, 128 or 256")]
    [InlineData(ProductAttributes.Bits, 8, "the packed weights have ")]
    [InlineData(ProductAttributes.Block, 48, "expected 4 or 8 bits in blocks of 32, 64, 128 or 256")]
    [InlineData(ProductAttributes.Block, 0, "block_size: is 0; expected 32 to 256")]
    [InlineData(ProductAttributes.Asymmetric, 1, "the packed weights have ")]
    [InlineData(ProductAttributes.Lanes, 3, "lanes: is 3; expected 4 to 16")]
    [InlineData(ProductAttributes.Lanes, 5, "expected")]
    [InlineData(ProductAttributes.ScaleExponent, 1000, "scale_exponent: is 1000; expected -15 to 200")]
    public void Run_WrongAttribute_Fails(string name, long value, string message)
    {
        Product().With(name, value).Fails(message);
        Lookup([0]).With(name, value).Fails(message);
    }

    [Theory]
    [InlineData(ProductAttributes.K)]
    [InlineData(ProductAttributes.Lanes)]
    [InlineData(ProductAttributes.Gate)]
    public void Run_AbsentAttribute_Fails(string name) => Product().Without(name).Fails(name);

    /// <summary>Lanes of another form, with as many bytes as it wants.</summary>
    [Fact]
    public void Run_WeightsOfAnotherForm_Fails()
    {
        int other = Shape.Lanes == 16 ? 8 : 16;
        PackedMatrix shape = Shape with { Lanes = other };
        Product().With(ProductAttributes.Lanes, other).Change("w", new byte[shape.Bytes], shape.Bytes)
            .Fails($"the weights are packed for {other} rows; expected {Shape.Lanes}");
    }

    [Fact]
    public void Run_UnknownGate_Fails() => Product(2).With(ProductAttributes.Gate, "swish").Fails("gate: is 'swish'; expected none, silu, gelu_tanh, gelu");

    [Fact]
    public void Run_GateWithoutItsOther_Fails() => Product().With(ProductAttributes.Gate, "silu").Fails("the packed weights have ");

    [Fact]
    public void Run_BytesLeftOver_Fails() =>
        Product().Change("w", new byte[Shape.Bytes + 64], Shape.Bytes + 64).Fails($"have {Shape.Bytes + 64} bytes; expected {Shape.Bytes}");

    [Fact]
    public void Run_ComputedWeights_Fails() => new OwnNode(QuantProductOperator.OperatorName)
        .Input("x", ElementType.Float, new float[K], 1, K).Input("w", ElementType.UInt8, new byte[Shape.Bytes], Shape.Bytes).Fails("bits");

    [Fact]
    public void Run_GivenWeights_Fails() => Describe(new OwnNode(QuantProductOperator.OperatorName)
        .Input("x", ElementType.Float, new float[K], 1, K).Input("w", ElementType.UInt8, new byte[Shape.Bytes], Shape.Bytes))
        .Fails("is not constant; expected an initializer");

    [Theory]
    [InlineData(3, 63)]
    [InlineData(3, 128)]
    [InlineData(64, 1)]
    [InlineData(2, 0)]
    public void Run_WrongColumns_Fails(int rows, int columns) =>
        Product().Change("x", new float[rows * columns], rows, columns).Fails($"x is [{rows}, {columns}]; expected [.., {K}]");

    [Fact]
    public void Run_Scalar_Fails() => Product().Change("x", new float[1]).Fails($"x is []; expected [.., {K}]");

    [Fact]
    public void Run_SevenDimensions_Fails() => Product().Change("x", new float[K], 1, 1, 1, 1, 1, 1, K).Fails("7 dimensions; expected at most 6");

    [Fact]
    public void Run_NoRows_GivesNone()
    {
        Assert.Empty(Product().Change("x", Array.Empty<float>(), 0, K).Run());
        Assert.Empty(Product().Change("x", Array.Empty<float>(), 2, 0, K).Run());
        Assert.Empty(Lookup([]).Run());
    }

    [Theory]
    [InlineData(N)]
    [InlineData(-N - 1)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Run_IndexOutOfRange_Fails(long index) => Lookup([0, index]).Fails($"index: is {index}; expected {-N} to {N - 1}");

    private static OwnNode Product(int matrices = 1) => Describe(new OwnNode(QuantProductOperator.OperatorName)
        .Input("x", ElementType.Float, [.. Enumerable.Repeat(1f, 3 * K)], 3, K)
        .Constant("w", ElementType.UInt8, new byte[matrices * Shape.Bytes], matrices * Shape.Bytes));

    private static OwnNode Lookup(long[] indices) => Describe(new OwnNode(QuantGatherOperator.OperatorName)
        .Input("ids", ElementType.Int64, indices, indices.Length)
        .Constant("w", ElementType.UInt8, new byte[Shape.Bytes], Shape.Bytes));

    private static OwnNode Describe(OwnNode node) => node
        .With(ProductAttributes.N, N)
        .With(ProductAttributes.K, K)
        .With(ProductAttributes.Bits, 4)
        .With(ProductAttributes.Block, 32)
        .With(ProductAttributes.Asymmetric, 0)
        .With(ProductAttributes.Lanes, Shape.Lanes)
        .With(ProductAttributes.Gate, "none")
        .With(ProductAttributes.ScaleExponent, 0);
}
