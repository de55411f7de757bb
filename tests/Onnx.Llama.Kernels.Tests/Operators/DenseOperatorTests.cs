using Onnx.Llama.Graph;
using Onnx.Llama.Kernels.Dense;
using Onnx.Llama.Kernels.Forms;
using Onnx.Llama.Kernels.Operators;
using Onnx.Llama.Kernels.Products;

namespace Onnx.Llama.Kernels.Tests.Operators;

public sealed class DenseOperatorTests
{
    private const int N = 20;
    private const int K = 33;

    private static DenseMatrix Shape => new(DenseType.Float16, N, K, ProductForms.Lanes(Processor.Current));

    [Fact]
    public void Run_RightOnes_GivesZeros()
    {
        Assert.Equal(new float[2 * N], Product().Run());
        Assert.Equal(new float[2 * K], Lookup([N - 1, -N]).Run());
        Assert.Empty(Product().Change("x", Array.Empty<float>(), 0, K).Run());
    }

    [Theory]
    [InlineData(ProductAttributes.K, 35, "the packed weights have ")]
    [InlineData(ProductAttributes.K, 0, "K: is 0; expected 1 to ")]
    [InlineData(ProductAttributes.N, 1000, "the packed weights have ")]
    [InlineData(ProductAttributes.N, -1, "N: is -1; expected 1 to ")]
    [InlineData(ProductAttributes.Type, 7, "the weights are of type 7; expected 1, 10 or 16")]
    [InlineData(ProductAttributes.Type, 1, "the packed weights have ")]
    [InlineData(ProductAttributes.Lanes, 17, "lanes: is 17; expected 4 to 16")]
    [InlineData(ProductAttributes.Lanes, 5, "expected")]
    [InlineData(ProductAttributes.ScaleExponent, -16, "scale_exponent: is -16; expected -15 to 200")]
    public void Run_WrongAttribute_Fails(string name, long value, string message)
    {
        Product().With(name, value).Fails(message);
        Lookup([0]).With(name, value).Fails(message);
    }

    [Fact]
    public void Run_WeightsOfAnotherForm_Fails()
    {
        int other = Shape.Lanes == 16 ? 8 : 16;
        DenseMatrix shape = Shape with { Lanes = other };
        Product().With(ProductAttributes.Lanes, other).Change("w", new byte[shape.Bytes], shape.Bytes)
            .Fails($"the weights are packed for {other} rows; expected {Shape.Lanes}");
    }

    [Fact]
    public void Run_WrongColumns_Fails() => Product().Change("x", new float[2 * 34], 2, 34).Fails($"x is [2, 34]; expected [.., {K}]");

    [Theory]
    [InlineData(N)]
    [InlineData(-N - 1)]
    public void Run_IndexOutOfRange_Fails(long index) => Lookup([index]).Fails($"index: is {index}; expected {-N} to {N - 1}");

    private static OwnNode Product() => Describe(new OwnNode(DenseProductOperator.OperatorName)
        .Input("x", ElementType.Float, [.. Enumerable.Repeat(1f, 2 * K)], 2, K)
        .Constant("w", ElementType.UInt8, new byte[Shape.Bytes], Shape.Bytes));

    private static OwnNode Lookup(long[] indices) => Describe(new OwnNode(DenseGatherOperator.OperatorName)
        .Input("ids", ElementType.Int64, indices, indices.Length)
        .Constant("w", ElementType.UInt8, new byte[Shape.Bytes], Shape.Bytes));

    private static OwnNode Describe(OwnNode node) => node
        .With(ProductAttributes.N, N)
        .With(ProductAttributes.K, K)
        .With(ProductAttributes.Type, (int)DenseType.Float16)
        .With(ProductAttributes.Lanes, Shape.Lanes)
        .With(ProductAttributes.ScaleExponent, 0);
}
