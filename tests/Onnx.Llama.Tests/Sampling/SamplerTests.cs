using Onnx.Llama.Sampling;

namespace Onnx.Llama.Tests.Sampling;

public sealed class SamplerTests
{
    private readonly Sampler _sampler = new();

    [Fact]
    public void Sample_Greedy_TakesTheLowestOfTheMostLikely() => Assert.Equal(1, _sampler.Sample([0, 5, 3, 5], SamplingOptions.Greedy, seed: 7, position: 0));

    [Fact]
    public void Sample_ManyPositions_FollowsTheDistribution()
    {
        float[] logits = [0.5f, 2, -1, 1, 0];
        SamplingOptions options = new() { Temperature = 0.8f, TopK = 4, TopP = 0.98f };
        Dictionary<int, double> expected = ReferenceSampler.Distribution(logits, 0.8, 4, 0.98, 0);
        const int Draws = 100_000;
        int[] counts = new int[logits.Length];
        for (int position = 0; position < Draws; position++) counts[_sampler.Sample(logits, options, seed: 42, position)]++;
        for (int id = 0; id < logits.Length; id++)
        {
            double probability = expected.GetValueOrDefault(id);
            double deviation = Math.Sqrt(Draws * probability * (1 - probability));
            Assert.InRange(counts[id], (Draws * probability) - (4 * deviation), (Draws * probability) + (4 * deviation));
        }
    }

    [Fact]
    public void Sample_SameSeedAndPosition_GivesTheSameToken()
    {
        float[] logits = [.. Enumerable.Range(0, 100).Select(i => MathF.Sin(i))];
        SamplingOptions options = new();
        int[] first = [.. Enumerable.Range(0, 50).Select(position => _sampler.Sample(logits, options, 3, position))];
        int[] backwards = [.. Enumerable.Range(0, 50).Reverse().Select(position => new Sampler().Sample(logits, options, 3, position)).Reverse()];
        int[] other = [.. Enumerable.Range(0, 50).Select(position => _sampler.Sample(logits, options, 4, position))];
        Assert.Equal(first, backwards);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public void Sample_TinyTemperature_IsGreedyWithoutOverflow() =>
        Assert.Equal(2, _sampler.Sample([1e30f, -1e30f, 2e30f], new SamplingOptions { Temperature = 1e-30f }, 1, 1));

    [Theory]
    [InlineData(float.NaN, "token 1 is NaN")]
    [InlineData(float.PositiveInfinity, "token 1 is Infinity")]
    public void Sample_LogitsNotFinite_NamesTheToken(float logit, string part)
    {
        ModelException fault = Assert.Throws<ModelException>(() => _sampler.Sample([0, logit, 1], SamplingOptions.Greedy, 0, 0));
        Assert.Contains(part, fault.Message, StringComparison.Ordinal);
        Assert.Throws<ModelException>(() => _sampler.Sample([0, logit, 1], new SamplingOptions(), 0, 0));
    }

    [Fact]
    public void Sample_EverythingForbidden_SaysSo()
    {
        float[] logits = [float.NegativeInfinity, float.NegativeInfinity];
        ModelException fault = Assert.Throws<ModelException>(() => _sampler.Sample(logits, new SamplingOptions(), 0, 0));
        Assert.Contains("every token is forbidden", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sample_AfterTheFirst_AllocatesNothing()
    {
        float[] logits = [.. Enumerable.Range(0, 5000).Select(i => 5 * MathF.Sin(i))];
        SamplingOptions options = new() { TopK = 50, TopP = 0.9f, MinP = 0.01f };
        _sampler.Sample(logits, options, 1, 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int position = 1; position < 100; position++) _sampler.Sample(logits, options, 1, position);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
