using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// The facts of a decoder, Llama's by default; another family is Llama <c>with</c> its differences. A layer computes
/// <c>h += r * attention(norm(h))</c>, then <c>h += r * feedForward(norm(h))</c>, with r = <see cref="ResidualScale"/>; which norms there are, before and
/// after each of the two, <see cref="Weights"/> says. A parallel layer computes <c>n = norm(h); h += attention(n) + feedForward(n)</c>.
/// </summary>
public sealed record DecoderSpec
{
    /// <summary>The family's name in config.json (<c>model_type</c>).</summary>
    public required string ModelType { get; init; }

    /// <summary>onnxruntime-genai's name for a graph of this form.</summary>
    public string GenAiType { get; init; } = "decoder";

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

    /// <summary>
    /// Layers that the checkpoint stores behind the last one, to predict further tokens in training (arXiv:2404.19737); the model does without them.
    /// </summary>
    public int PredictionLayers { get; init; }

    /// <summary>The norms of the residual stream and of the branches that are added to it.</summary>
    public required NormSpec Norm { get; init; }

    /// <summary>Rotation and window of each layer, first layer first.</summary>
    public required IReadOnlyList<LayerAttention> Attention { get; init; }

    /// <summary>Names of the tensors, and which of them are stored in one.</summary>
    public WeightMap Weights { get; init; } = WeightMap.Llama;

    /// <summary>
    /// Whether the rotation (RoPE, arXiv:2104.09864) turns dimensions 2i and 2i + 1 of a head; else i and i + rotated / 2. In both cases the first
    /// <see cref="RopeConfig.PartialRotaryFactor"/> * <see cref="HeadDim"/> dimensions turn, the others stay.
    /// </summary>
    public bool RotaryInterleaved { get; init; }

    /// <summary>The norm of queries and keys, if there is one.</summary>
    public HeadNorm? HeadNorm { get; init; }

    /// <summary>The factor of queries times keys; null for <c>1 / sqrt(headDim)</c>.</summary>
    public float? AttentionScale { get; init; }

    /// <summary>c in <c>c * tanh(scores / c)</c>, before the softmax (Gemma 2, arXiv:2408.00118).</summary>
    public float? AttentionSoftcap { get; init; }

    /// <summary>Whether each head has a stored score that takes part in the softmax and attends to nothing (arXiv:2309.17453, in the form of gpt-oss).</summary>
    public bool AttentionSinks { get; init; }

    /// <summary>c in <c>min(max(x, -c), c)</c> of queries, keys and values as projected (OLMo, arXiv:2402.00838).</summary>
    public float? QkvClip { get; init; }

    /// <summary>Whether q_proj, k_proj and v_proj add a bias.</summary>
    public bool QkvBias { get; init; }

    /// <summary>Whether o_proj adds a bias.</summary>
    public bool OutputBias { get; init; }

    /// <summary>Queries, keys and values by way of compressed ones; null where they are projected directly.</summary>
    public LatentAttention? Latent { get; init; }

    /// <summary>The feed-forward network's function.</summary>
    public Activation Activation { get; init; }

    /// <summary>Whether the network is <c>down(f(gate(x)) * up(x))</c> (GLU, arXiv:2002.05202); else it is <c>down(f(up(x)))</c>.</summary>
    public bool Gated { get; init; } = true;

    /// <summary>Whether the feed-forward network's projections add a bias.</summary>
    public bool FeedForwardBias { get; init; }

    /// <summary>The experts that take the feed-forward network's place; null where there are none.</summary>
    public ExpertsSpec? Experts { get; init; }

    /// <summary>Whether attention and feed-forward network read the same normed stream and are added together (GPT-J's form).</summary>
    public bool ParallelResidual { get; init; }

    /// <summary>The factor of the embedding.</summary>
    public float EmbeddingScale { get; init; } = 1;

    /// <summary>The factor of what a layer's two halves add to the stream.</summary>
    public float ResidualScale { get; init; } = 1;

    /// <summary>The factor of the logits.</summary>
    public float LogitScale { get; init; } = 1;

    /// <summary>c in <c>c * tanh(logits / c)</c> (Gemma 2, arXiv:2408.00118).</summary>
    public float? LogitSoftcap { get; init; }

    /// <summary>Whether the embedding is also the head.</summary>
    public bool TiedHead { get; init; }

    /// <summary>Whether the head adds a bias.</summary>
    public bool HeadBias { get; init; }

    /// <summary>The same rotation and window for all layers.</summary>
    public static IReadOnlyList<LayerAttention> Alike(int layers, LayerAttention attention) => [.. Enumerable.Repeat(attention, layers)];
}
