using Onnx.Llama.Conversion.Tests.Conversion;
using Onnx.Llama.Graph;
using Onnx.Llama.Manifest;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Graphs;

/// <summary>The graphs and genai_config.json of tiny seeded checkpoints, compared with approved texts in tests/Expectations.</summary>
public sealed class ApprovedGraphTests
{
    [Theory]
    [InlineData("llama_fp32", "fp32")]
    [InlineData("llama_int4", "int4")]
    [InlineData("llama_int4_tied", "int4")]
    [InlineData("llama_int4_asym_tied", "int4-asym")]
    [InlineData("llama_int8_tied", "int8")]
    [InlineData("llama_int8_blocks", "int8-b128")]
    [InlineData("llama_odd_head", "fp32")]
    [InlineData("llama_bias", "fp32")]
    [InlineData("llama_rope_dynamic", "fp32")]
    public void Write_OfATinyCheckpoint_GivesTheApprovedGraph(string name, string precision)
    {
        using TemporaryFolder folder = new();
        string source = TinyCheckpoint.Write(folder["source"], Config(name), new CheckpointOptions { Seed = 7 });
        using ConversionPlan plan = ConversionPlan.Create(source, new ConversionOptions { Precision = Recipes.Of(precision), Threads = 1 });
        string output = plan.Write(folder["output"], progress: null, TestContext.Current.CancellationToken).Folder;

        OnnxModel written = OnnxModel.Read(Path.Combine(output, GraphTarget.Cpu.File));
        Expectations.OfRepository.Verify($"{name}.graph", GraphOutline.Of(written));
        Expectations.OfRepository.Verify($"{name}.genai_config", File.ReadAllText(Path.Combine(output, GenAiConfig.FileName)));
    }

    private static ReferenceConfig Config(string name) => name switch
    {
        "llama_fp32" or "llama_int4" or "llama_int8_blocks" => TinyCheckpoint.Default,
        "llama_int4_tied" or "llama_int4_asym_tied" or "llama_int8_tied" => TinyCheckpoint.Default with { TiedHead = true },
        "llama_odd_head" => TinyCheckpoint.Default with { HeadDim = 12 },
        "llama_bias" => TinyCheckpoint.Default with { AttentionBias = true, MlpBias = true },
        "llama_rope_dynamic" => TinyCheckpoint.Default with { MaxPositions = 64, Rope = new ReferenceRopeConfig { Type = "dynamic", Factor = 4 } },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "expected a name of this test's list"),
    };
}
