using Onnx.Llama.Decoding;
using Onnx.Llama.Kernels.Rewriting;
using Onnx.Llama.Manifest;
using Onnx.Llama.Sampling;
using Onnx.Llama.Templates;
using Onnx.Llama.Tokenization;

namespace Onnx.Llama.Runtime;

/// <summary>What opening a folder gives.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Decoder">The decoder over its graph.</param>
/// <param name="Kernels">What the kernels compute of it; null for nothing.</param>
/// <param name="Variant">That graph.</param>
/// <param name="Decisions">Every provider, and why it was or was not taken.</param>
/// <param name="EndIds">Tokens that end a text.</param>
/// <param name="Sampling">How the folder wants to be sampled.</param>
/// <param name="Tokenizer">Its tokenizer, if it has one.</param>
/// <param name="ChatTemplates">Its chat templates, if it has any.</param>
internal sealed record OpenedModel(
    string Folder,
    IDecoder Decoder,
    KernelReport? Kernels,
    ModelVariant Variant,
    IReadOnlyList<ProviderDecision> Decisions,
    IReadOnlyList<int> EndIds,
    SamplingOptions Sampling,
    Tokenizer? Tokenizer,
    ChatTemplateSet? ChatTemplates);
