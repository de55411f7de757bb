using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Families;

/// <summary>What may differ between the attention of one layer and another.</summary>
/// <param name="Rope">The rotation of queries and keys; null where positions are not encoded (NoPE, arXiv:2305.19466).</param>
/// <param name="Window">A query sees so many of the newest keys, its own included (arXiv:2004.05150); null where it sees all.</param>
public sealed record LayerAttention(RopeConfig? Rope, int? Window = null);
