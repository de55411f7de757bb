using System.Text.Json;
using Onnx.Llama.Sampling;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Tests.Sampling;

public sealed class CandidatesTests
{
    private readonly Candidates _candidates = new();

    [Fact]
    public void Cut_RandomLogits_KeepsWhatTheDefinitionsKeep()
    {
        Random random = new(1);
        for (int trial = 0; trial < 300; trial++)
        {
            float[] logits = RandomLogits(random, random.Next(1, 3000));
            SamplingOptions options = new()
            {
                Temperature = 0.1f + (2 * random.NextSingle()),
                TopK = random.Next(3) == 0 ? 0 : random.Next(1, 100),
                TopP = random.Next(3) == 0 ? 1 : 0.05f + (0.9f * random.NextSingle()),
                MinP = random.Next(2) == 0 ? 0 : 0.3f * random.NextSingle(),
            };
            Dictionary<int, double> expected = ReferenceSampler.Distribution(logits, options.Temperature, options.TopK, options.TopP, options.MinP);
            AssertSame(expected, Cut(logits, options), 1e-5);
        }
    }

    [Fact]
    public void Cut_EqualLogits_KeepsTheLowestIds()
    {
        float[] logits = [1, 3, 3, 2, 3, 3];
        Assert.Equal([1, 2, 4], Cut(logits, new SamplingOptions { TopK = 3 }).Keys.Order());
        Assert.Equal([1, 2], Cut(logits, new SamplingOptions { TopK = 4, TopP = 0.5f }).Keys.Order());
    }

    [Fact]
    public void Cut_ForbiddenTokens_AreNeverKept()
    {
        float[] logits = [float.NegativeInfinity, 1, float.NegativeInfinity, 0];
        Assert.Equal([1, 3], Cut(logits, new SamplingOptions { TopK = 4 }).Keys.Order());
    }

    [Fact]
    public void Cut_SmallerVocabularyAfterALarger_ForgetsTheLarger()
    {
        Cut(RandomLogits(new Random(2), 500), new SamplingOptions { TopK = 40 });
        Assert.Equal([0], Cut([1], new SamplingOptions { TopK = 40 }).Keys);
    }

    /// <summary>
    /// transformers' processors one by one, and in a chain. Of equal logits it keeps any in top-p, and all in top-k, where we keep the lowest ids and
    /// exactly k; so the kept tokens are compared by their probabilities.
    /// </summary>
    [Fact]
    public void Cut_TransformersProcessors_KeepsTokensOfTheSameProbabilities()
    {
        int compared = 0;
        foreach (string line in File.ReadLines(SharedFolder.Require("goldens/generation/sampling/hf-processors.jsonl")))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement golden = document.RootElement;
            if (golden.GetProperty("processor").GetString() is not ("temperature" or "top_k" or "top_p" or "min_p" or "chain")) continue;
            Compare(golden);
            compared++;
        }

        Assert.Equal(96, compared);
    }

    private void Compare(JsonElement golden)
    {
        JsonElement parameters = golden.GetProperty("params");
        SamplingOptions options = new()
        {
            Temperature = parameters.TryGetProperty("temperature", out JsonElement t) ? t.GetSingle() : 1,
            TopK = parameters.TryGetProperty("top_k", out JsonElement k) ? k.GetInt32() : 0,
            TopP = parameters.TryGetProperty("top_p", out JsonElement p) ? p.GetSingle() : 1,
            MinP = parameters.TryGetProperty("min_p", out JsonElement m) ? m.GetSingle() : 0,
        };
        float[] logits = [.. golden.GetProperty("logits").EnumerateArray().Select(value => value.GetSingle())];
        IEnumerable<JsonElement> kept = golden.GetProperty("out").EnumerateArray().Where(value => value.ValueKind != JsonValueKind.Null);
        double[] expected = Likeliest(kept.Select(value => Math.Exp(value.GetDouble())), options.TopK);
        double[] actual = Likeliest(Cut(logits, options).Values, options.TopK);
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-4);
    }

    /// <summary>Probabilities, greatest first, without those that a float's range cannot tell from none.</summary>
    private static double[] Likeliest(IEnumerable<double> weights, int topK)
    {
        double[] sorted = [.. weights.OrderDescending().Take(topK == 0 ? int.MaxValue : topK)];
        return [.. sorted.Select(weight => weight / sorted.Sum()).Where(probability => probability > 1e-30)];
    }

    private Dictionary<int, double> Cut(float[] logits, SamplingOptions options)
    {
        _candidates.Cut(logits, logits.Max(), options);
        double total = Enumerable.Range(0, _candidates.Count).Sum(i => (double)_candidates.Weight(i));
        return Enumerable.Range(0, _candidates.Count).ToDictionary(_candidates.Id, i => _candidates.Weight(i) / total);
    }

    private static void AssertSame(Dictionary<int, double> expected, Dictionary<int, double> actual, double tolerance)
    {
        Assert.Equal(expected.Keys.Order(), actual.Where(pair => pair.Value > 0).Select(pair => pair.Key).Order());
        foreach ((int id, double probability) in expected) Assert.Equal(probability, actual[id], tolerance);
    }

    private static float[] RandomLogits(Random random, int count)
    {
        float scale = 1 + (6 * random.NextSingle());
        return [.. Enumerable.Range(0, count).Select(_ => scale * Normal(random))];
    }

    private static float Normal(Random random) => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble()));
}
