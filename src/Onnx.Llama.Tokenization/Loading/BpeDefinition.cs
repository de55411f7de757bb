using Onnx.Llama.Tokenization.Models;

namespace Onnx.Llama.Tokenization.Loading;

/// <summary>A BPE model as a file gives it, before it is known what the pipeline around it does.</summary>
internal sealed record BpeDefinition(Vocabulary Vocabulary, MergeTable Merges, WordCutter Cutter, BpeOptions Options);
