using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// The facts of a decoder, Llama's by default; another family is Llama <c>with</c> its differences. A layer computes
/// <c>h += o_proj(attention(norm(h)))</c>, then <c>h += down_proj(silu(gate_proj(norm(h))) * up_proj(norm(h)))</c>.
/// </summary>
public sealed record DecoderSpec
{
    /// <summary>The family's name in config.json (<c>model_type</c>).</summary>
    public required string ModelType { get; init; }

    /// <summary>onnxruntime-genai's name for a graph of this form.</summary>
    public string GenAiType { get; init; } = "llama";

    /// <summary>Width of the residual stream.</summary>
    public required int Hidden { get; init; }

    /// <summary>Number of layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads; <see cref="Heads"/> is a multiple of it (GQA, arXiv:2305.13245).</summary>
    public required int KvHeads { get; init; }

    /// <summary>Width of one head.</summary>
    public required int HeadDim { get; init; }

    /// <summary>Width of the feed-forward network's inner layer.</summary>
    public required int FeedForward { get; init; }

    /// <summary>Rows of the embedding, columns of the logits.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>The greatest number of tokens, prompt and answer together.</summary>
    public required int ContextLength { get; init; }

    /// <summary>The epsilon of RMSNorm (arXiv:1910.07467).</summary>
    public required float NormEpsilon { get; init; }

    /// <summary>The rotation of queries and keys (RoPE, arXiv:2104.09864).</summary>
    public required RopeConfig Rope { get; init; }

    /// <summary>Whether q_proj, k_proj and v_proj add a bias.</summary>
    public bool QkvBias { get; init; }

    /// <summary>Whether o_proj adds a bias.</summary>
    public bool OutputBias { get; init; }

    /// <summary>Whether gate_proj, up_proj and down_proj add a bias.</summary>
    public bool FeedForwardBias { get; init; }

    /// <summary>Whether the embedding is also the head.</summary>
    public bool TiedHead { get; init; }

    /// <summary>The factor of queries times keys.</summary>
    public float AttentionScale => 1f / MathF.Sqrt(HeadDim);
}
