namespace Onnx.Llama.Manifest;

/// <summary>What a graph of whole texts, which has no cache, takes and gives.</summary>
/// <param name="ContextLength">The greatest number of tokens of a text.</param>
/// <param name="VocabularySize">Every token's id is below it.</param>
/// <param name="Width">Numbers of its output: the labels' count, or the vector's length.</param>
/// <param name="Labels">Names of the labels in the output's order, for <see cref="ModelTask.Classify"/>.</param>
/// <param name="Function">What makes probabilities of scores, for <see cref="ModelTask.Classify"/>; null where the scores are no likelihoods.</param>
/// <param name="Pooling">How the vector is made of the tokens' vectors, mean or last, for <see cref="ModelTask.Embed"/>.</param>
/// <param name="Normalized">Whether the vector's length is 1, for <see cref="ModelTask.Embed"/>.</param>
public sealed record HeadDescription(
    int ContextLength,
    int VocabularySize,
    int Width,
    IReadOnlyList<string>? Labels = null,
    ScoreFunction? Function = null,
    string? Pooling = null,
    bool? Normalized = null);
