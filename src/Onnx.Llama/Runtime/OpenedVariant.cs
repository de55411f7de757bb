using Onnx.Llama.Manifest;

namespace Onnx.Llama.Runtime;

/// <summary>A graph that was opened.</summary>
/// <param name="Opened">What was made of it.</param>
/// <param name="Variant">Which one it is.</param>
/// <param name="Decisions">Every provider, and why it was or was not taken.</param>
internal sealed record OpenedVariant<T>(T Opened, ModelVariant Variant, IReadOnlyList<ProviderDecision> Decisions);
