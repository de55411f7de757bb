using Onnx.Llama.Conversion.Tests.Conversion;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Targets;

/// <summary>
/// Graphs have the inputs and outputs, by name, type and rank, of those that onnxruntime-genai's own builder made, so that whatever runs one runs the other.
/// What is ours alone: logits_from, and fewer logits than positions.
/// </summary>
public sealed class GenAiStructureTests
{
    [Theory]
    [InlineData("llama_gqa", "cpu", "fp32")]
    [InlineData("llama_gqa", "cpu", "int4")]
    [InlineData("llama_gqa", "cuda", "fp16")]
    [InlineData("llama_gqa", "cuda", "bf16")]
    [InlineData("llama_gqa", "cuda", "int4")]
    [InlineData("llama_gqa", "dml", "fp16")]
    [InlineData("llama_gqa", "dml", "int4")]
    [InlineData("qwen3", "cpu", "fp32")]
    [InlineData("qwen3", "cuda", "fp16")]
    [InlineData("qwen3", "dml", "fp16")]
    [InlineData("phi3_longrope", "cuda", "fp16")]
    [InlineData("phi3_longrope", "dml", "fp16")]
    [InlineData("gemma2", "cpu", "fp32")]
    [InlineData("gpt_oss", "cpu", "fp32")]
    [InlineData("qwen2_window", "cpu", "fp32")]
    public void Write_OfAModel_HasTheInputsAndOutputsOfGenAisBuilder(string name, string target, string precision)
    {
        string source = SharedFolder.Require($"goldens/models/{name}");
        string outline = File.ReadAllText(SharedFolder.Require($"goldens/genai-graphs/{name}.{target}.{precision}.txt"));
        GraphTarget made = GraphTarget.Named(target);
        using TemporaryFolder folder = new();
        string output = Converted.Write(source, folder["model"], PrecisionRecipe.Named(precision), made);

        string[] ours = Ends(GraphOutline.Of(OnnxModel.Read(Path.Combine(output, made.File))));

        Assert.Equal(Ends(outline), ours.Where(line => !line.Contains("logits_from", StringComparison.Ordinal)));
    }

    /// <summary>The lines of inputs and outputs without the names of lengths: "in past_key_values.0.key float16 4".</summary>
    private static string[] Ends(string outline) =>
    [
        .. outline.Split('\n')
            .Where(line => line.StartsWith("in ", StringComparison.Ordinal) || line.StartsWith("out ", StringComparison.Ordinal))
            .Select(line => line.Split('['))
            .Select(parts => $"{parts[0].ToLowerInvariant()}{parts[1].Split(',').Length}")
            .Order(StringComparer.Ordinal),
    ];
}
