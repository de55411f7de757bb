using Microsoft.ML.OnnxRuntime;
using Onnx.Llama.Graph;
using Onnx.Llama.Kernels.Forms;

namespace Onnx.Llama.Kernels.Tests.Norms;

public sealed class NormTests
{
    private const double Tolerance = 1e-5;
    private static readonly (ElementType, int) s_rows = (ElementType.Float, 3);
    private static readonly (ElementType, int) s_row = (ElementType.Float, 1);

    public static TheoryData<InstructionSet> All => [.. KernelForms.All];

    [Theory]
    [MemberData(nameof(All))]
    public void Run_RandomCases_MatchFloat64AndTheScalarForm(InstructionSet form)
    {
        for (int seed = 0; seed < 150; seed++)
        {
            NormInput input = NormInput.Random(seed);
            (float[] output, float[] sum) = input.Run(form);
            (double[] expected, double[] expectedSum) = input.Plain();
            Near(expected, output, seed);
            Near(expectedSum, sum, seed);
            (float[] scalar, float[] scalarSum) = input.Run(InstructionSet.Scalar);
            Near([.. scalar.Select(value => (double)value)], output, seed);
            Assert.Equal(scalarSum, sum);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Run_RowsInOtherCompany_SameBits(InstructionSet form)
    {
        NormInput all = new(1, 300, 77) { Centered = true, AsksSum = true };
        float[] whole = all.Run(form).Output;
        for (int row = 0; row < all.Rows; row += 37)
        {
            Range part = (row * all.Width)..((row + 1) * all.Width);
            NormInput alone = all.Alone(row);
            Assert.Equal(whole[part], alone.Run(form).Output);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Run_EqualLargeValues_NoNaN(InstructionSet form)
    {
        NormInput input = new(2, 3, 100) { Input = [.. Enumerable.Repeat(3333.3f, 300)], Skip = null, Bias = null, Centered = true };
        Assert.All(input.Run(form).Output, value => Assert.InRange(value, -2, 2));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Run_LikeOrt_SameNumbers(InstructionSet form)
    {
        NormInput plain = new(3, 5, 72) { Skip = null, SkipBias = null, Bias = null };
        using OrtNode simplified = new(OpNames.SimplifiedLayerNormalization, [s_rows, s_row], [true], NodeAttribute.Float("epsilon", 1e-5f));
        Near(Doubles(simplified.Run(Rows(plain, plain.Input), Row(plain, plain.Weight))[0]), plain.Run(form).Output, 3);

        NormInput layer = new(4, 5, 72) { Skip = null, SkipBias = null, Centered = true };
        using OrtNode ofLayer = new(
            OpNames.LayerNormalization, [s_rows, s_row, s_row], [true], NodeAttribute.Float("epsilon", 1e-5f));
        Near(Doubles(ofLayer.Run(Rows(layer, layer.Input), Row(layer, layer.Weight), Row(layer, layer.Bias!))[0]), layer.Run(form).Output, 4);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Run_LikeOrtWithSkip_SameNumbers(InstructionSet form)
    {
        NormInput rms = new(5, 5, 72) { Bias = null, AsksSum = true };
        using OrtNode skip = new(
            OpNames.SkipSimplifiedLayerNormalization, [s_rows, s_rows, s_row, s_row], [true, false, false, true],
            NodeAttribute.Float("epsilon", 1e-5f));
        float[][] expected = skip.Run(Rows(rms, rms.Input), Rows(rms, rms.Skip!), Row(rms, rms.Weight), Row(rms, rms.SkipBias!));
        (float[] output, float[] sum) = rms.Run(form);
        Near(Doubles(expected[0]), output, 5);
        Near(Doubles(expected[1]), sum, 5);

        NormInput layer = new(6, 5, 72) { Centered = true, AsksSum = true };
        using OrtNode skipLayer = new(
            new OperatorName(OpNames.Microsoft, "SkipLayerNormalization"), [s_rows, s_rows, s_row, s_row, s_row],
            [true, false, false, true], NodeAttribute.Float("epsilon", 1e-5f));
        expected = skipLayer.Run(
            Rows(layer, layer.Input), Rows(layer, layer.Skip!), Row(layer, layer.Weight), Row(layer, layer.Bias!), Row(layer, layer.SkipBias!));
        (output, sum) = layer.Run(form);
        Near(Doubles(expected[0]), output, 6);
        Near(Doubles(expected[1]), sum, 6);
    }

    private static OrtValue Rows(NormInput input, float[] values) => OrtNode.Tensor(values, 1, input.Rows, input.Width);

    private static OrtValue Row(NormInput input, float[] values) => OrtNode.Tensor(values, input.Width);

    private static double[] Doubles(float[] values) => [.. values.Select(value => (double)value)];

    private static void Near(double[] expected, float[] actual, int seed)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int index = 0; index < expected.Length; index++)
        {
            double bound = Tolerance * Math.Max(1, Math.Abs(expected[index]));
            Assert.True(Math.Abs(expected[index] - actual[index]) < bound, $"case {seed}, element {index}: {actual[index]}; expected {expected[index]}");
        }
    }
}
