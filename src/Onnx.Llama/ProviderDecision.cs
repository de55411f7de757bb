namespace Onnx.Llama;

/// <summary>Whether a provider was taken when a model was opened, and why not.</summary>
/// <param name="Provider">The provider considered; never <see cref="Provider.Auto"/>.</param>
/// <param name="Taken">Whether the model runs on it.</param>
/// <param name="Reason">Why it was or was not taken, for people.</param>
public sealed record ProviderDecision(Provider Provider, bool Taken, string Reason);
