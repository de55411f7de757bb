using Onnx.Llama.Conversion.Blocks;
using Onnx.Llama.Conversion.Families;

namespace Onnx.Llama.Conversion.Tests.Blocks;

/// <summary>The functions of feed-forward networks against their formulas in float64, over the range in which they bend.</summary>
public sealed class ActivationBlockTests
{
    private const int Count = 161;

    [Theory]
    [InlineData(Activation.Silu, "cpu")]
    [InlineData(Activation.Silu, "standard")]
    [InlineData(Activation.Gelu, "cpu")]
    [InlineData(Activation.GeluTanh, "cpu")]
    [InlineData(Activation.Relu2, "cpu")]
    [InlineData(Activation.Xielu, "cpu")]
    [InlineData(Activation.Xielu, "standard")]
    public void Emit_EveryFunction_IsItsFormula(Activation activation, string target)
    {
        BlockGraph block = new(BlockGraph.Spec with { Activation = activation }, GraphTarget.Named(target));
        float[] x = [.. Enumerable.Range(0, Count).Select(i => (i - (Count / 2)) / 10f)];

        float[] found = block.Run(x, Count, input => ActivationBlock.Emit(block.Scope, 0, "/mlp", input));

        Assert.All(x.Zip(found), pair =>
        {
            double expected = Expected(block, activation, pair.First);
            Assert.InRange(pair.Second - expected, -1e-5 - (1e-5 * Math.Abs(expected)), 1e-5 + (1e-5 * Math.Abs(expected)));
        });
    }

    private static double Expected(BlockGraph block, Activation activation, double x) => activation switch
    {
        Activation.Silu => Formulas.Silu(x),
        Activation.Gelu => Formulas.Gelu(x),
        Activation.GeluTanh => Formulas.GeluTanh(x),
        Activation.Relu2 => Formulas.Relu2(x),
        _ => Formulas.Xielu(x, Parameter(block, "alpha_p"), Parameter(block, "alpha_n"), Parameter(block, "beta"), Parameter(block, "eps")),
    };

    private static double Parameter(BlockGraph block, string name) => block.Weight($"layers.0.mlp.act_fn.{name}")[0];
}
