using Onnx.Llama.Conversion.Blocks;
using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Tests.Blocks;

/// <summary>Each routing against its formula, on scores that the test chooses: the router's matrix is the identity.</summary>
public sealed class RouterBlockTests
{
    private const int Count = 12;
    private const int Positions = 40;
    private const double Tolerance = 2e-6;

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, s_routings.Length)];

    private static readonly (Routing Routing, int Chosen)[] s_routings =
    [
        (new Routing.Softmax(Normalized: true), 2),
        (new Routing.Softmax(Normalized: false), 3),
        (new Routing.BiasedSigmoid(1, 1, Normalized: true, Scale: 1), 4),
        (new Routing.BiasedSigmoid(4, 2, Normalized: true, Scale: 2.5f), 4),
        (new Routing.BiasedSigmoid(4, 1, Normalized: false, Scale: 1), 2),
        (new Routing.BiasedSigmoid(3, 2, Normalized: false, Scale: 0.5f), 6),
        (new Routing.SparseMixer(0.01f), 2),
        (new Routing.SparseMixer(0.2f), 2),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Emit_RandomScores_WeightsAsTheFormulaSays(int index) => AssertWeights(index, RandomScores(steps: 0));

    /// <summary>Few different values, so that most positions have ties. (In a softmax the operator chooses, so which of equal experts is its own.)</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Emit_TiedScores_TakesTheFirstOfEqualOnes(int index)
    {
        if (s_routings[index].Routing is not Routing.Softmax) AssertWeights(index, RandomScores(steps: 4));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Emit_EqualScores_StillChoosesAsManyAsAsked(int index)
    {
        (Routing routing, int chosen) = s_routings[index];
        double[][] found = Routed(routing, chosen, [.. Enumerable.Repeat(0.5f, Count * Positions)], new float[Count]);

        foreach (double[] weights in found) Assert.Equal(chosen, weights.Count(weight => weight > 0));
    }

    private static void AssertWeights(int index, float[] scores)
    {
        (Routing routing, int chosen) = s_routings[index];
        Random random = new(index);

        // Eighths, so that sums with them tie where the scores do; some are negative enough to make the choice of a group count.
        float[] bias = [.. Enumerable.Range(0, Count).Select(_ => (random.Next(9) - 6) / 8f)];
        double[][] found = Routed(routing, chosen, scores, bias);
        for (int position = 0; position < Positions; position++)
        {
            double[] expected = RouterFormulas.Weights(routing, chosen, scores[(position * Count)..((position + 1) * Count)], bias);
            for (int expert = 0; expert < Count; expert++) Assert.Equal(expected[expert], found[position][expert], Tolerance);
        }
    }

    /// <summary>The weights that the operator of experts uses: the softmax over the greatest scores that it gets, times the factor of its output.</summary>
    private static double[][] Routed(Routing routing, int chosen, float[] scores, float[] bias)
    {
        SeededWeights weights = new()
        {
            ["layers.0.mlp.gate.weight"] = [.. Enumerable.Range(0, Count * Count).Select(i => i / Count == i % Count ? 1f : 0f)],
            ["layers.0.mlp.gate.e_score_correction_bias"] = bias,
        };
        DecoderSpec spec = ExpertSpecs.Of(Count, ExpertSpecs.Experts(Count, chosen, width: 16, routing));
        float[][] outputs = EmittedBlock.Run(spec, GraphTarget.Cpu, PrecisionRecipe.Fp32, weights, scores, (scope, x) =>
        {
            Routed routed = RouterBlock.Emit(scope, 0, "/router", x);
            return routed.Factor is { } factor ? [routed.Scores, factor] : [routed.Scores];
        });
        return [.. Enumerable.Range(0, Positions).Select(position =>
        {
            double factor = outputs.Length == 1 ? 1 : outputs[1].Length == 1 ? outputs[1][0] : outputs[1][position];
            float[] handed = outputs[0][(position * Count)..((position + 1) * Count)];
            return RouterFormulas.Weights(new Routing.Softmax(Normalized: true), chosen, handed, bias).Select(weight => weight * factor).ToArray();
        })];
    }

    /// <summary>Scores from -2 to 2; of so many different values, or of any.</summary>
    private static float[] RandomScores(int steps)
    {
        Random random = new(steps);
        return [.. Enumerable.Range(0, Count * Positions).Select(_ => (4 * (steps == 0 ? random.NextSingle() : random.Next(steps) / (steps - 1f))) - 2)];
    }
}
