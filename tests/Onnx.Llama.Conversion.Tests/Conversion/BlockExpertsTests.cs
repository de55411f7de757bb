using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Conversion;

/// <summary>
/// Mixtures of experts in blocks against the same weights dequantised. What the kernels round may tip a router's choice between two experts, after which a
/// position goes its own way; so what counts is how many positions agree. (gpt_oss stores its experts the other way round, which
/// <see cref="DequantizedCheckpoint"/> does not round; its blocks are compared in ExpertsBlockTests.)
/// </summary>
public sealed class BlockExpertsTests
{
    /// <summary>Twice that of dense models: routers weigh anew what attention's products round (mixtral 0.044 with experts that do not round).</summary>
    private const double MedianTolerance = 6e-2;
    private const double LeastShare = 0.85;

    public static TheoryData<string, string> Mixtures { get; } = new(
        from name in new[] { "deepseek_v3", "granitemoe", "mixtral", "olmoe", "phimoe", "qwen2_moe", "qwen3_moe" }
        from recipe in new[] { "int4", "int4-asym", "int8", "int4-asym-b64", "int8-b64" }
        select (name, recipe));

    [Theory]
    [MemberData(nameof(Mixtures))]
    public void Logits_OfAMixture_AgreeAtMostPositions(string name, string recipe)
    {
        PrecisionRecipe precision = Recipes.Of(recipe);
        string source = SharedFolder.Require($"goldens/models/{name}");
        Dictionary<string, ReferenceTensor> reference = ReferenceTensors.Read(Path.Combine(source, "reference.safetensors"));
        int[] ids = reference["long_ids"].Ids();
        int vocabulary = reference["logits"].Shape[1];
        using TemporaryFolder folder = new();
        DequantizedCheckpoint.Write(source, folder["dequantised"], precision);

        float[][] found = [.. Logits.Of(Converted.Write(source, folder["blocks"], precision), ids).Chunk(vocabulary)];
        float[][] expected = [.. Logits.Of(Converted.Write(folder["dequantised"], folder["fp32"], PrecisionRecipe.Fp32), ids).Chunk(vocabulary)];

        double[] errors = [.. expected.Zip(found, (e, f) => Logits.RelativeRms(Doubles(e), Doubles(f))).Order()];
        double median = errors[errors.Length / 2];
        double share = expected.Zip(found).Count(pair => Greatest(pair.First) == Greatest(pair.Second)) / (double)errors.Length;
        TestContext.Current.TestOutputHelper?.WriteLine(
            FormattableString.Invariant($"{name} {recipe}: relative rms {median:G3} in the median, the same token at {share:P0} of positions"));
        Assert.InRange(median, 0, MedianTolerance);
        Assert.InRange(share, LeastShare, 1);
    }

    private static int Greatest(float[] logits) => Array.IndexOf(logits, logits.Max());

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, value => (double)value);
}
