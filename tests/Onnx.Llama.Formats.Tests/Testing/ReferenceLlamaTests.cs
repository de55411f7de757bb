using System.Text.Json;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Formats.Tests.Testing;

/// <summary>The tests' own reference against outputs of Hugging Face transformers, float32.</summary>
public sealed class ReferenceLlamaTests
{
    private const double Tolerance = 1e-4; // of the logits' standard deviation, as for a converted fp32 model

    public static TheoryData<string, string> Models { get; } = new(
        from model in new[] { "bias", "gqa", "mha", "mqa", "odd", "rope_dynamic", "rope_linear", "rope_llama3", "rope_yarn", "tied" }
        from config in new[] { "config.json", "config.v5.json" }
        select (model, config));

    [Theory]
    [MemberData(nameof(Models))]
    public void Forward_OfAStoredModel_EqualsTransformers(string model, string configName)
    {
        string folder = SharedFolder.Require($"goldens/models/llama_{model}");
        Dictionary<string, ReferenceTensor> expected = ReferenceTensors.Read(Path.Combine(folder, "reference.safetensors"));
        using JsonDocument facts = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "reference.json")));
        double deviation = facts.RootElement.GetProperty("logits_std").GetDouble();
        ReferenceLlama llama = ReferenceLlama.Load(folder, configName);

        ReferenceOutput output = llama.Forward(expected["ids"].Ids());
        AssertClose(expected["logits"].Floats(), output.Logits, Tolerance * deviation);
        AssertClose(expected["hidden"].Floats(), output.Hidden, Tolerance);
        AssertClose(expected["long_logits"].Floats(), llama.Forward(expected["long_ids"].Ids(), 8).Logits, Tolerance * deviation);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Greedy_OfAStoredModel_EqualsTransformers(string model, string configName)
    {
        string folder = SharedFolder.Require($"goldens/models/llama_{model}");
        Dictionary<string, ReferenceTensor> expected = ReferenceTensors.Read(Path.Combine(folder, "reference.safetensors"));
        Assert.Equal(expected["greedy"].Ids(), ReferenceLlama.Load(folder, configName).Greedy(expected["ids"].Ids(), 32));
    }

    [Theory]
    [InlineData("llama_f32")]
    [InlineData("llama_f16")]
    [InlineData("llama_bf16_sharded")]
    [InlineData("llama_mixed_dtypes")]
    public void Forward_OfEveryDTypeAndShards_EqualsTransformers(string checkpoint)
    {
        string folder = SharedFolder.Require($"goldens/formats/{checkpoint}");
        Dictionary<string, ReferenceTensor> expected = ReferenceTensors.Read(Path.Combine(folder, "reference.safetensors"));
        ReferenceLlama llama = ReferenceLlama.Load(folder);
        float[] logits = expected["logits"].Floats();
        int[] ids = expected["ids"].Ids(), greedy = expected["greedy"].Ids();

        AssertClose(logits, llama.Forward(ids).Logits, Tolerance * StandardDeviation(logits));
        Assert.Equal(greedy, llama.Greedy(ids, greedy.Length));
    }

    /// <summary>Each known token is the greatest logit after those before it, which is what decoding greedily means; one pass instead of 256.</summary>
    [Fact]
    public void Forward_OfStories260k_TellsTheKnownStory()
    {
        using TemporaryFolder folder = new();
        int[] ids = Stories260k.ExpectedIds();
        ReferenceLlama llama = ReferenceLlama.Load(Stories260k.Write(folder.Path));
        float[] logits = llama.Forward(ids.AsSpan(0, ids.Length - 1)).Logits;

        int vocabulary = logits.Length / (ids.Length - 1);
        int[] chosen = [.. logits.Chunk(vocabulary).Select(row => Array.IndexOf(row, row.Max()))];
        Assert.Equal(256, ids.Length - 1);
        Assert.Equal(ids[1..], chosen);
    }

    private static void AssertClose(float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        double greatest = expected.Zip(actual, static (a, b) => Math.Abs((double)a - b)).Max();
        Assert.True(greatest <= tolerance, $"The greatest difference is {greatest}; expected at most {tolerance}.");
    }

    private static double StandardDeviation(float[] values)
    {
        double mean = values.Average(static value => (double)value);
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
