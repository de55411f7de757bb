using System.Buffers.Binary;
using System.Text.Json;
using Onnx.Llama.Cli.Verification;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Cli.Tests.Verification;

/// <summary>A verification is worth what it can find.</summary>
public sealed class VerifierTests(ReferenceModel reference) : IClassFixture<ReferenceModel>
{
    [Fact]
    public void Compare_RightValues_Passes()
    {
        VerificationReport report = GoldenModels.Verify(reference.Model, reference.ReferenceFile);

        Assert.True(report.Passed, report.ToString());
        Assert.Equal((12, 8, 8), (report.Positions, report.GreedyMatched, report.GreedyTotal));
        Assert.InRange(report.MaxDiffInStd!.Value, 1e-9, 1e-4);
    }

    [Theory]
    [InlineData("logits")]
    [InlineData("long_logits")]
    public void Compare_OneLogitOffByTwiceTheTolerance_Fails(string name)
    {
        double deviation = new LogitTable(reference["logits"].Floats(), ReferenceModel.Vocabulary).StandardDeviation();

        VerificationReport report = GoldenModels.Verify(reference.Model, reference.Rewritten((name, Perturbed(reference[name], 2e-4 * deviation))));

        Assert.False(report.Passed);
        Assert.InRange((name == "logits" ? report.MaxDiffInStd : report.LongMaxDiffInStd)!.Value, 1.5e-4, 2.5e-4);
    }

    [Fact]
    public void Compare_OneGreedyTokenDiffers_FailsAtFp32Only()
    {
        int[] greedy = reference["greedy"].Ids();
        greedy[5] = (greedy[5] + 1) % ReferenceModel.Vocabulary;
        string file = reference.Rewritten(("greedy", ReferenceModel.Ids(greedy)));

        VerificationReport report = GoldenModels.Verify(reference.Model, file);

        Assert.False(report.Passed);
        Assert.Equal((5, 8), (report.GreedyMatched, report.GreedyTotal));
        Assert.True(GoldenModels.Verify(reference.Model, file, exactGreedy: false).Passed);
    }

    [Fact]
    public void Compare_OnlyGreedy_ComparesThatAlone()
    {
        VerificationReport report = GoldenModels.Verify(
            reference.Model, reference.Rewritten(("logits", null), ("long_ids", null), ("long_logits", null)));

        Assert.True(report.Passed);
        Assert.Equal(8, report.GreedyMatched);
        Assert.Null(report.Positions ?? report.MaxDiffInStd ?? report.LongMaxDiffInStd ?? report.MeanKl);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Compare_NotFinite_FailsAndIsReported(float value)
    {
        // In the middle: a finite difference after it must not cover it.
        VerificationReport report = GoldenModels.Verify(reference.Model, reference.Rewritten(("logits", Perturbed(reference["logits"], value))));

        Assert.False(report.Passed);
        Assert.False(double.IsFinite(report.MaxAbsDiff!.Value));
        Assert.Contains("\"passed\": false", JsonSerializer.Serialize(report, VerificationJson.Default.VerificationReport), StringComparison.Ordinal);
    }

    [Fact]
    public void With_NotFiniteFound_IsTheGreatestDifferenceWhateverFollows()
    {
        LogitDifferences found = default;
        found = found.With([1, 2, 3], [1, float.NaN, 3]).With([1, 2, 3], [1, 2, 3]);

        Assert.True(double.IsNaN(found.Greatest));
    }

    [Fact]
    public void With_KnownDistributions_GivesTheirDivergence()
    {
        // (1/2, 1/2) against (1/4, 3/4): ln 2 - ln(3) / 2.
        LogitDifferences found = default(LogitDifferences).With([0, 0], [0, MathF.Log(3)]);

        Assert.Equal(Math.Log(2) - (Math.Log(3) / 2), found.Divergence, 6);
        Assert.Equal(Math.Log(3), found.Greatest, 6);
    }

    private static ReferenceTensor Perturbed(ReferenceTensor tensor, double difference)
    {
        byte[] bytes = [.. tensor.Bytes];
        Span<byte> middle = bytes.AsSpan(bytes.Length / 2 / sizeof(float) * sizeof(float));
        BinaryPrimitives.WriteSingleLittleEndian(middle, (float)(BinaryPrimitives.ReadSingleLittleEndian(middle) + difference));
        return tensor with { Bytes = bytes };
    }
}
