using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Conversion;

/// <summary>
/// Seeded checkpoints of every kind that a Llama config can describe, converted at fp32, against the plain forward pass. They need nothing beside the checkout.
/// </summary>
public sealed class SeededCheckpointTests
{
    private const int Length = 40;

    /// <summary>Another order of summation; a mistake shows as tenths.</summary>
    private const double Tolerance = 1e-4;

    public static TheoryData<string> Kinds => [.. s_kinds.Keys];

    private static readonly Dictionary<string, ReferenceConfig> s_kinds = new()
    {
        ["gqa"] = TinyCheckpoint.Default,
        ["mha"] = TinyCheckpoint.Default with { KvHeads = 4 },
        ["mqa"] = TinyCheckpoint.Default with { KvHeads = 1 },
        ["tied"] = TinyCheckpoint.Default with { TiedHead = true },
        ["attention bias"] = TinyCheckpoint.Default with { AttentionBias = true },
        ["feed-forward bias"] = TinyCheckpoint.Default with { MlpBias = true },
        ["head_dim apart from hidden_size"] = TinyCheckpoint.Default with { HeadDim = 32 },
        ["heads of 2"] = TinyCheckpoint.Default with { HeadDim = 2 },
        ["heads of 10"] = TinyCheckpoint.Default with { HeadDim = 10 },
        ["heads of 18, biased"] = TinyCheckpoint.Default with { HeadDim = 18, AttentionBias = true, HiddenSize = 72, IntermediateSize = 100 },
        ["one layer"] = TinyCheckpoint.Default with { Layers = 1 },
        ["another epsilon"] = TinyCheckpoint.Default with { RmsNormEps = 0.01f },
        ["linear"] = TinyCheckpoint.Default with { Rope = new() { Type = "linear", Factor = 3 } },
        ["dynamic, longer than original"] = TinyCheckpoint.Default with { MaxPositions = 16, Rope = new() { Type = "dynamic", Factor = 4 } },
        ["dynamic, padded heads"] = TinyCheckpoint.Default with { HeadDim = 10, MaxPositions = 16, Rope = new() { Type = "dynamic", Factor = 4 } },
        ["llama3"] = TinyCheckpoint.Default with { Rope = new() { Type = "llama3", Factor = 8, OriginalMaxPositions = 64 } },
        ["yarn"] = TinyCheckpoint.Default with { Rope = new() { Type = "yarn", Factor = 4, OriginalMaxPositions = 128 } },
        ["yarn, not truncated"] = TinyCheckpoint.Default with { Rope = new() { Type = "yarn", Factor = 4, OriginalMaxPositions = 128, Truncate = false } },
        ["yarn, padded heads"] = TinyCheckpoint.Default with { HeadDim = 10, Rope = new() { Type = "yarn", Factor = 4, OriginalMaxPositions = 128 } },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Write_Fp32_GivesTheLogitsOfTheReference(string kind) => AssertLogits(s_kinds[kind], new CheckpointOptions { Seed = 7 });

    [Theory]
    [InlineData(StoredFloat.F32, 1)]
    [InlineData(StoredFloat.F16, 1)]
    [InlineData(StoredFloat.BF16, 3)]
    public void Write_EveryStorage_GivesTheLogitsOfTheReference(StoredFloat dtype, int shards) =>
        AssertLogits(TinyCheckpoint.Default, new CheckpointOptions { DType = dtype, Shards = shards });

    private static void AssertLogits(ReferenceConfig config, CheckpointOptions options)
    {
        using TemporaryFolder folder = new();
        string source = TinyCheckpoint.Write(folder["source"], config, options);
        int[] ids = [.. Enumerable.Range(0, Length).Select(i => (i * 37 + 5) % config.VocabSize)];

        float[] found = Logits.Of(Converted.Write(source, folder["model"], PrecisionRecipe.Fp32), ids);

        Assert.InRange(Logits.GreatestDifferenceInStd(ReferenceLlama.Load(source).Forward(ids).Logits, found), 0, Tolerance);
    }
}
