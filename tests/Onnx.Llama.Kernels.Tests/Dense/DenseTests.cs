using Onnx.Llama.Kernels.Dense;
using Onnx.Llama.Kernels.Forms;

namespace Onnx.Llama.Kernels.Tests.Dense;

/// <summary>Every form gives the scalar form's bits: both fuse each multiplication with its addition, even and odd columns apart, in order.</summary>
public sealed class DenseTests
{
    public static TheoryData<InstructionSet, int> Cases { get; } = new(
        from form in KernelForms.Vectors from type in Enum.GetValues<DenseType>() select (form, (int)type));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Product_OfRandomShapes_HasTheScalarFormsBits(InstructionSet form, int type)
    {
        Random random = new(type);
        foreach (int rows in new[] { 1, 2, 3, 4, 5, 7, 8, 16, 39, 40 })
        {
            RandomDense matrix = RandomDense.Of((DenseType)type, random.Next(1, 70), random.Next(1, 130), random);
            float[] x = Difference.Numbers(random, rows * matrix.K);
            Difference.None(matrix.Multiply(InstructionSet.Scalar, x), matrix.Multiply(form, x));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Product_OfRowsBeyondTheCache_HasTheScalarFormsBits(InstructionSet form, int type)
    {
        Random random = new(5);
        RandomDense matrix = RandomDense.Of((DenseType)type, 17, 8191, random);
        float[] x = Difference.Numbers(random, 21 * matrix.K);
        Difference.None(matrix.Multiply(InstructionSet.Scalar, x), matrix.Multiply(form, x));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Product_OfARow_IsTheSameInAnyCompany(InstructionSet form, int type)
    {
        Random random = new(9);
        RandomDense matrix = RandomDense.Of((DenseType)type, 33, 75, random);
        float[] x = Difference.Numbers(random, 11 * matrix.K);
        float[] together = matrix.Multiply(form, x);
        for (int row = 0; row < 11; row++)
        {
            float[] alone = matrix.Multiply(form, x[(row * matrix.K)..((row + 1) * matrix.K)]);
            Difference.None(together[(row * matrix.N)..((row + 1) * matrix.N)], alone);
        }
    }

    [Theory]
    [InlineData((int)DenseType.Float32)]
    [InlineData((int)DenseType.Float16)]
    [InlineData((int)DenseType.BFloat16)]
    public void Product_OfTheScalarForm_IsFloat64sButForRounding(int type)
    {
        Random random = new(type);
        RandomDense matrix = RandomDense.Of((DenseType)type, 37, 1001, random);
        float[] x = Difference.Numbers(random, 5 * matrix.K);

        // 500 roundings of 2^-25 each on the way: sqrt(500) * 3e-8 at the most of such sums.
        Assert.InRange(Difference.Relative(matrix.Plain(x), matrix.Multiply(InstructionSet.Scalar, x)), 0, 7e-7);
    }

    [Theory]
    [InlineData((int)DenseType.Float32)]
    [InlineData((int)DenseType.BFloat16)]
    public void Product_OfWeightsThatAreNotFinite_SaysSo(int type)
    {
        Random random = new(1);
        float[] values = Difference.Numbers(random, 18 * 31);
        (values[0], values[31 + 30], values[17 * 31]) = (float.NaN, float.PositiveInfinity, float.NegativeInfinity);
        RandomDense matrix = new((DenseType)type, 18, 31, RandomDense.Bytes((DenseType)type, values));
        float[] x = [.. Enumerable.Repeat(1f, 5 * 31)];
        foreach (InstructionSet form in KernelForms.All)
        {
            float[] y = matrix.Multiply(form, x);
            for (int row = 0; row < 5; row++)
            {
                Assert.True(float.IsNaN(y[row * 18]), form.ToString());
                Assert.Equal(float.PositiveInfinity, y[(row * 18) + 1]);
                Assert.Equal(float.NegativeInfinity, y[(row * 18) + 17]);
                Assert.All(y[((row * 18) + 2)..((row * 18) + 17)], value => Assert.True(float.IsFinite(value)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Product_OfActivationsThatAreNotFinite_SaysSo(InstructionSet form, int type)
    {
        RandomDense matrix = new((DenseType)type, 3, 4, RandomDense.Bytes((DenseType)type, [.. Enumerable.Repeat(0.5f, 12)]));
        Assert.All(matrix.Multiply(form, [1, float.NaN, 1, 1]), value => Assert.True(float.IsNaN(value)));
        Assert.All(matrix.Multiply(form, [1, 1, float.PositiveInfinity, 1]), value => Assert.Equal(float.PositiveInfinity, value));
    }
}
