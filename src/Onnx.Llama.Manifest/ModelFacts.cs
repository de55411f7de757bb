namespace Onnx.Llama.Manifest;

/// <summary>A model's sizes, as its checkpoint has them; for people, the host never looks at them.</summary>
/// <param name="Parameters">Weights in the checkpoint.</param>
/// <param name="Hidden">Width of the residual stream.</param>
/// <param name="Layers">Number of layers.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="KvHeads">Key and value heads.</param>
/// <param name="HeadDim">Width of one head.</param>
/// <param name="FeedForward">Width of the feed-forward network's inner layer.</param>
/// <param name="Vocabulary">Tokens that the model knows.</param>
/// <param name="ContextLength">The greatest number of tokens, prompt and answer together.</param>
/// <param name="Rope">The rotations, each with the layers that have it: <c>llama3, theta 500000, factor 8</c>.</param>
/// <param name="Experts">Experts of a layer that has some; null where none has.</param>
public sealed record ModelFacts(
    long Parameters, int Hidden, int Layers, int Heads, int KvHeads, int HeadDim, int FeedForward, int Vocabulary, int ContextLength,
    IReadOnlyList<string> Rope, int? Experts = null);
