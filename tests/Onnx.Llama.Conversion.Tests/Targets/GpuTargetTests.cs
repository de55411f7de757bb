using Onnx.Llama.Conversion.Tests.Conversion;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Decoding;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Targets;

/// <summary>The float16 graphs for CUDA and DirectML, run by the CPU provider, against the values of Hugging Face transformers in float32.</summary>
public sealed class GpuTargetTests
{
    /// <summary>Share of the logits' standard deviation; float16 has 11 bits.</summary>
    private const double Tolerance = 2e-2;

    /// <summary>
    /// Of gpt-oss's four layers, whose scaled rotation makes attention sharp (cos and sin times 1.35), three positions of 32 are up to 0.029 off, both
    /// targets alike, while the same weights in a float32 graph are within 1e-5: it is the rounding of activations.
    /// </summary>
    private const double ToleranceOfGptOss = 3e-2;

    /// <summary>A router's near tie may choose another expert: so many positions of a mixture of experts may be off.</summary>
    private const double ShareOff = 0.02;

    [Theory]
    [MemberData(nameof(Goldens.Names), MemberType = typeof(Goldens))]
    public void Step_OfAModel_GivesTheReferenceValues(string name)
    {
        string source = SharedFolder.Require($"goldens/models/{name}");
        Dictionary<string, ReferenceTensor> reference = ReferenceTensors.Read(Path.Combine(source, "reference.safetensors"));
        double deviation = Logits.StandardDeviation(reference["logits"].Floats());
        double tolerance = name == "gpt_oss" ? ToleranceOfGptOss : Tolerance;
        using TemporaryFolder folder = new();
        string converted = Converted.Write(source, folder["model"], PrecisionRecipe.Fp16, GraphTarget.Cuda, GraphTarget.DirectMl);

        foreach (GraphTarget target in new[] { GraphTarget.Cuda, GraphTarget.DirectMl })
        {
            using LanguageModel model = LanguageModel.Open(
                converted,
                new ModelOptions { Variant = target.Name, Provider = Provider.Cpu, Threads = 1, Spinning = false },
                TestContext.Current.CancellationToken);
            double[] differences =
            [
                .. Differences(model, reference["ids"].Ids(), reference["logits"]),
                .. Differences(model, reference["long_ids"].Ids(), reference["long_logits"]),
            ];
            int off = differences.Count(difference => !(difference <= tolerance * deviation));
            Assert.InRange(off, 0, Goldens.WithExperts.Contains(name) ? (int)Math.Ceiling(ShareOff * differences.Length) : 0);
        }
    }

    /// <summary>The greatest difference at each of the last positions of a text.</summary>
    private static double[] Differences(LanguageModel model, int[] ids, ReferenceTensor expected)
    {
        (int rows, int vocabulary) = (expected.Shape[0], expected.Shape[1]);
        float[] values = expected.Floats();
        using KvSlot slot = model.Decoder.Rent(ids.Length);
        StepPlan plan = new();
        plan.Add(slot, ids, LogitsWanted.All);
        model.Decoder.Step(plan, TestContext.Current.CancellationToken);
        return [.. Enumerable.Range(0, rows).Select(row => Logits.GreatestDifference(
            values[(row * vocabulary)..((row + 1) * vocabulary)], model.Decoder.Logits(ids.Length - rows + row).ToArray()))];
    }
}
