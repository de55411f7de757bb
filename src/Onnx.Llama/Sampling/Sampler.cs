using System.Numerics.Tensors;

namespace Onnx.Llama.Sampling;

/// <summary>Chooses the next token from its logits. Keeps its working memory, so a token costs no allocation; one call at a time.</summary>
internal sealed class Sampler
{
    private readonly Candidates _candidates = new();

    /// <summary>The next token.</summary>
    /// <param name="logits">[vocabulary]; minus infinity forbids a token.</param>
    /// <param name="options">How to choose; its seed is not looked at.</param>
    /// <param name="seed">The stream of random numbers.</param>
    /// <param name="position">Where in its sequence the token will stand: the number of tokens before it.</param>
    /// <exception cref="ModelException">A logit is NaN or plus infinity, or every one is minus infinity.</exception>
    public int Sample(ReadOnlySpan<float> logits, SamplingOptions options, long seed, long position)
    {
        int best = TensorPrimitives.IndexOfMax(logits);
        float greatest = logits[best];
        if (!float.IsFinite(greatest)) throw Refuse(best, greatest);
        if (options.Temperature == 0 || options.TopK == 1) return best;
        _candidates.Cut(logits, greatest, options);
        return _candidates.Draw(CounterRandom.Uniform(seed, position));
    }

    private static ModelException Refuse(int id, float value) => new(
        "logits",
        float.IsNegativeInfinity(value) ? "every token is forbidden (-infinity)" : string.Create(null, $"the logit of token {id} is {value}"),
        "finite numbers",
        "The model's weights or its conversion are broken; verify the model against its checkpoint.");
}
