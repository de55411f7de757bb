using Onnx.Llama.Conversion.Blocks;
using Onnx.Llama.Conversion.Families;

namespace Onnx.Llama.Conversion.Tests.Blocks;

/// <summary>Norms against their formulas in float64.</summary>
public sealed class NormBlockTests
{
    private const double Tolerance = 2e-6;
    private const int Positions = 3;

    public static TheoryData<float, bool, float, bool, bool, string> Norms => new()
    {
        { 1e-5f, false, 0, true, false, "cpu" },
        { 0.25f, false, 0, true, false, "cpu" },
        { 1e-6f, false, 1, true, false, "cpu" },
        { 1e-5f, true, 0, true, true, "cpu" },
        { 1e-5f, true, 1, true, true, "cpu" },
        { 1e-5f, true, 0, true, false, "cpu" },
        { 1e-5f, true, 0, false, false, "cpu" },
        { 1e-5f, false, 1, true, false, "standard" },
        { 1e-5f, true, 1, true, true, "standard" },
        { 1e-5f, true, 0, false, false, "standard" },
    };

    [Theory]
    [MemberData(nameof(Norms))]
    public void Emit_EveryKind_IsItsFormula(float epsilon, bool centered, float offset, bool gain, bool bias, string target)
    {
        NormSpec norm = new(epsilon, centered, offset, gain, bias);
        BlockGraph block = new(BlockGraph.Spec with { Norm = norm }, GraphTarget.Named(target));
        int width = BlockGraph.Spec.Hidden;
        float[] x = BlockGraph.Random(Positions * width, 1);

        float[] found = block.Run(x, width, input => NormBlock.Emit(block.Scope, "/norm", "norm", input));

        float[] gains = gain ? [.. block.Weight("norm.weight").Select(value => value + offset)] : [.. Enumerable.Repeat(1f, width)];
        float[] biases = bias ? block.Weight("norm.bias") : new float[width];
        Assert.All(x.Chunk(width).Index(), row => AssertEqual(
            Formulas.Norm(row.Item, epsilon, centered).Zip(gains, biases).Select(v => (v.First * v.Second) + v.Third), found.Skip(row.Index * width).Take(width)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Emit_WithABranch_NormsTheSum(bool centered)
    {
        BlockGraph block = new(BlockGraph.Spec with { Norm = new NormSpec(1e-5f, centered) });
        int width = BlockGraph.Spec.Hidden;
        float[] x = BlockGraph.Random(width, 2);

        float[] found = block.Run(x, width, input => NormBlock.Emit(block.Scope, "/norm", "norm", new ResidualStream(input, input), last: true).Normed);

        AssertEqual(Formulas.Norm([.. x.Select(value => 2 * value)], 1e-5, centered).Zip(block.Weight("norm.weight"), (value, gain) => value * gain), found);
    }

    [Theory]
    [InlineData(HeadNormScope.Head, 16, false)]
    [InlineData(HeadNormScope.OwnHead, 16, false)]
    [InlineData(HeadNormScope.AllHeads, 16, false)]
    [InlineData(HeadNormScope.Head, 16, true)]
    [InlineData(HeadNormScope.OwnHead, 16, true)]
    [InlineData(HeadNormScope.Head, 12, false)]
    [InlineData(HeadNormScope.OwnHead, 12, false)]
    [InlineData(HeadNormScope.AllHeads, 12, false)]
    public void HeadNorm_EveryScopeAndPaddedHeads_IsItsFormula(HeadNormScope scope, int headDim, bool centered)
    {
        const float Epsilon = 0.05f;
        const int Heads = 4;
        HeadNorm norm = new(new NormSpec(Epsilon, centered), scope);
        BlockGraph block = new(BlockGraph.Spec with { HeadDim = headDim, HeadNorm = norm });
        HeadLayout layout = new(headDim, headDim, interleaved: false);
        float[] x = BlockGraph.Random(Heads * headDim, 3);
        float[] laid = [.. x.Chunk(headDim).SelectMany(head => layout.Rotated.Select(from => from < 0 ? 0 : head[from]))];

        float[] found = block.Run(laid, laid.Length, input => HeadNormBlock.Emit(block.Scope, 0, "/q_norm", "q_norm", input, Heads, layout));

        float[] gains = block.Weight("layers.0.q_norm.weight");
        double[] normed = scope == HeadNormScope.AllHeads
            ? Formulas.Norm(x, Epsilon, centered)
            : [.. x.Chunk(headDim).SelectMany(head => Formulas.Norm(head, Epsilon, centered))];
        double[] expected = [.. normed.Select((value, index) => value * gains[index % gains.Length])];
        AssertEqual(expected.Chunk(headDim).SelectMany(head => layout.Rotated.Select(from => from < 0 ? 0 : head[from])), found);
    }

    private static void AssertEqual(IEnumerable<double> expected, IEnumerable<float> found) =>
        Assert.All(expected.Zip(found), pair => Assert.InRange(pair.Second - pair.First, -Tolerance * 5, Tolerance * 5));
}
