namespace Onnx.Llama;

/// <summary>What a classifier says of one label.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Score">The model's score, of any size: a logit, or for regression the value itself.</param>
/// <param name="Probability">
/// What the score comes to, 0 to 1: of all labels 1 together where one is true, each for itself where several can be, or where there is only one.
/// Null for regression.
/// </param>
public readonly record struct LabelScore(string Label, float Score, float? Probability);
