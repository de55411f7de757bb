using Onnx.Llama.Conversion.Blocks;
using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Tests.Conversion;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Quantization;

namespace Onnx.Llama.Conversion.Tests.Blocks;

/// <summary>The mixture as emitted against plain loops over the checkpoint's tensors, in each of the forms that they are stored in.</summary>
public sealed class ExpertsBlockTests
{
    private const int Hidden = 32;
    private const int Width = 24;
    private const int Count = 5;
    private const int Chosen = 2;
    private const int Positions = 9;
    private const string Layer = "layers.0.";

    private static readonly StackedExperts s_halves = new("mlp.gate_up", "mlp.down", InputsFirst: false)
    {
        GateUpBias = "mlp.gate_up_bias",
        DownBias = "mlp.down_bias",
    };
    private static readonly StackedExperts s_alternating = s_halves with { InputsFirst = true };

    [Theory]
    [InlineData("each", false)]
    [InlineData("each", true)]
    [InlineData("halves", false)]
    [InlineData("halves", true)]
    [InlineData("alternating", false)]
    [InlineData("alternating", true)]
    public void Emit_FloatWeights_IsTheSumOfTheChosen(string form, bool bias)
    {
        Assert.InRange(Error(Spec(form, bias), GraphTarget.Cpu, PrecisionRecipe.Fp32), 0, 1e-6);
        Assert.InRange(Error(Spec(form, bias), GraphTarget.Standard, PrecisionRecipe.Fp32), 0, 1e-6);
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("standard")]
    public void Emit_ClampedGate_ClampsGateAndUp(string target)
    {
        // A low limit, so that most numbers meet it.
        DecoderSpec spec = Spec("alternating", bias: true);
        spec = spec with { Experts = spec.Experts! with { ClampedGate = new ClampedGate(1.702f, 0.6f) } };

        Assert.InRange(Error(spec, GraphTarget.Named(target), PrecisionRecipe.Fp32), 0, 1e-6);
        Assert.True(Error(spec with { Experts = spec.Experts with { ClampedGate = null } }, GraphTarget.Named(target), PrecisionRecipe.Fp32, spec) > 1e-2);
    }

    /// <summary>Blocks of 32: experts of width 24 are padded, and the products round x to 8 bits.</summary>
    [Theory]
    [InlineData("each", false, "int4")]
    [InlineData("halves", true, "int4")]
    [InlineData("alternating", true, "int4")]
    [InlineData("each", false, "int4-asym")]
    [InlineData("alternating", true, "int4-asym")]
    [InlineData("each", false, "int8")]
    [InlineData("alternating", true, "int8")]
    public void Emit_QuantisedWeights_AreThoseOfTheDequantised(string form, bool bias, string precision) =>
        Assert.InRange(Error(Spec(form, bias), GraphTarget.Cpu, PrecisionRecipe.Named(precision)), 0, 2e-2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Emit_SharedExpert_IsAdded(bool gated)
    {
        DecoderSpec spec = Spec("each", bias: false);
        spec = spec with { Experts = spec.Experts! with { Shared = new SharedExpert(40, gated) } };

        Assert.InRange(Error(spec, GraphTarget.Cpu, PrecisionRecipe.Fp32), 0, 1e-6);
    }

    [Fact]
    public void Emit_QuantisedAndStreamNotInBlocks_IsRefused()
    {
        DecoderSpec spec = Spec("each", bias: false) with { Hidden = 40 };

        ConversionException fault = Assert.Throws<ConversionException>(
            () => Run(spec, GraphTarget.Cpu, PrecisionRecipe.Int4, new SeededWeights(), new float[40]));

        Assert.Contains("'hidden_size' is 40; expected a multiple of 32", fault.Message, StringComparison.Ordinal);
    }

    private static DecoderSpec Spec(string form, bool bias)
    {
        ExpertsSpec experts = ExpertSpecs.Experts(Count, Chosen, Width, new Routing.Softmax(Normalized: false)) with { Bias = bias };
        ExpertNames names = new() { Stacked = form switch { "halves" => s_halves, "alternating" => s_alternating, _ => null } };
        return ExpertSpecs.Of(Hidden, experts) with { Weights = WeightMap.Llama with { Experts = names } };
    }

    /// <summary>The relative rms of the block's output against the loops; of another spec's loops, where one is given.</summary>
    private static double Error(DecoderSpec spec, GraphTarget target, PrecisionRecipe recipe, DecoderSpec? expected = null)
    {
        Random random = new(3);
        float[] x = [.. Enumerable.Range(0, Positions * Hidden).Select(_ => (random.NextSingle() * 4) - 2)];
        SeededWeights weights = new();
        float[] found = Run(spec, target, recipe, weights, x);
        double[] loops = [.. Enumerable.Range(0, Positions).SelectMany(position =>
            Expected(expected ?? spec, weights, recipe, x[(position * Hidden)..((position + 1) * Hidden)]))];
        return Logits.RelativeRms(loops, Array.ConvertAll(found, value => (double)value));
    }

    private static float[] Run(DecoderSpec spec, GraphTarget target, PrecisionRecipe recipe, SeededWeights weights, float[] x) =>
        EmittedBlock.Run(spec, target, recipe, weights, x, (scope, input) => [ExpertsBlock.Emit(scope, 0, input)])[0];

    private static double[] Expected(DecoderSpec spec, SeededWeights weights, PrecisionRecipe recipe, float[] x)
    {
        ExpertsSpec experts = spec.Experts!;
        double[] shares = RouterFormulas.Weights(experts.Routing, Chosen, Product(weights[$"{Layer}mlp.gate.weight"], x), []);
        double[] y = new double[Hidden];
        for (int expert = 0; expert < Count; expert++) Add(y, shares[expert], Stored(spec, weights, recipe, expert).Of(x, experts.ClampedGate));
        if (experts.Shared is not { } shared) return y;
        double share = shared.Gated ? 1 / (1 + Math.Exp(-Product(weights[$"{Layer}mlp.shared_expert_gate.weight"], x)[0])) : 1;
        Add(y, share, Named(weights, "mlp.shared_expert", bias: false).Of(x));
        return y;
    }

    private static ExpertFormula Stored(DecoderSpec spec, SeededWeights weights, PrecisionRecipe recipe, int expert)
    {
        bool bias = spec.Experts!.Bias;
        ExpertFormula stored = spec.Weights.Experts.Stacked switch
        {
            null => Named(weights, $"mlp.experts.{expert}", bias),
            { InputsFirst: true } => new ExpertFormula(
                Matrix(Width, Hidden, (row, column) => weights[$"{Layer}mlp.gate_up"][(((expert * Hidden) + column) * 2 * Width) + (2 * row)]),
                Matrix(Width, Hidden, (row, column) => weights[$"{Layer}mlp.gate_up"][(((expert * Hidden) + column) * 2 * Width) + (2 * row) + 1]),
                Matrix(Hidden, Width, (row, column) => weights[$"{Layer}mlp.down"][(((expert * Width) + column) * Hidden) + row])),
            _ => new ExpertFormula(
                Matrix(Width, Hidden, (row, column) => weights[$"{Layer}mlp.gate_up"][(((expert * 2 * Width) + row) * Hidden) + column]),
                Matrix(Width, Hidden, (row, column) => weights[$"{Layer}mlp.gate_up"][(((((expert * 2) + 1) * Width) + row) * Hidden) + column]),
                Matrix(Hidden, Width, (row, column) => weights[$"{Layer}mlp.down"][(((expert * Hidden) + row) * Width) + column])),
        };
        if (bias && spec.Weights.Experts.Stacked is { InputsFirst: var alternating })
        {
            float[] both = weights[$"{Layer}mlp.gate_up_bias"];
            stored = stored with
            {
                GateBias = [.. Enumerable.Range(0, Width).Select(i => both[(expert * 2 * Width) + (alternating ? 2 * i : i)])],
                UpBias = [.. Enumerable.Range(0, Width).Select(i => both[(expert * 2 * Width) + (alternating ? (2 * i) + 1 : Width + i)])],
                DownBias = weights[$"{Layer}mlp.down_bias"][(expert * Hidden)..((expert + 1) * Hidden)],
            };
        }

        return recipe.Layers is WeightFormat.Blocks(var format)
            ? stored with { Gate = Rounded(format, stored.Gate, Hidden), Up = Rounded(format, stored.Up, Hidden), Down = Rounded(format, stored.Down, Width) }
            : stored;
    }

    private static ExpertFormula Named(SeededWeights weights, string name, bool bias)
    {
        return new ExpertFormula(
            weights[$"{Layer}{name}.gate_proj.weight"], weights[$"{Layer}{name}.up_proj.weight"], weights[$"{Layer}{name}.down_proj.weight"],
            Bias("gate_proj"), Bias("up_proj"), Bias("down_proj"));

        float[]? Bias(string part) => bias ? weights[$"{Layer}{name}.{part}.bias"] : null;
    }

    private static float[] Rounded(BlockFormat format, float[] matrix, int columns)
    {
        float[] rounded = [.. matrix];
        DequantizedCheckpoint.Round(format, rounded, columns);
        return rounded;
    }

    private static float[] Matrix(int rows, int columns, Func<int, int, float> number) =>
        [.. Enumerable.Range(0, rows * columns).Select(i => number(i / columns, i % columns))];

    private static float[] Product(float[] matrix, float[] x) =>
        [.. matrix.Chunk(x.Length).Select(row => (float)row.Zip(x, (a, b) => (double)a * b).Sum())];

    private static void Add(double[] y, double share, double[] x)
    {
        for (int i = 0; i < y.Length; i++) y[i] += share * x[i];
    }
}
