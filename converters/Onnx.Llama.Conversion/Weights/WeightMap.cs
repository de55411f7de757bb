namespace Onnx.Llama.Conversion.Weights;

/// <summary>
/// Where a checkpoint keeps what: names of tensors, without ".weight" and ".bias", as Hugging Face transformers spells them. The names of a layer's parts
/// follow "layers.N."; a name that is null says that the family has no such part. Names of fused tensors say what is stored in one.
/// </summary>
public sealed record WeightMap
{
    /// <summary>Llama's names.</summary>
    public static WeightMap Llama { get; } = new();

    /// <summary>[vocabulary, hidden].</summary>
    public string Embedding { get; init; } = "embed_tokens";

    /// <summary>The norm after the last layer, [hidden].</summary>
    public string FinalNorm { get; init; } = "norm";

    /// <summary>The norm of the stream before attention, and in parallel layers before the feed-forward network too.</summary>
    public string? NormBeforeAttention { get; init; } = "input_layernorm";

    /// <summary>The norm of what attention adds to the stream.</summary>
    public string? NormAfterAttention { get; init; }

    /// <summary>The norm of the stream before the feed-forward network.</summary>
    public string? NormBeforeFeedForward { get; init; } = "post_attention_layernorm";

    /// <summary>The norm of what the feed-forward network adds to the stream.</summary>
    public string? NormAfterFeedForward { get; init; }

    /// <summary>[heads * headDim, hidden].</summary>
    public string Query { get; init; } = "self_attn.q_proj";

    /// <summary>[kvHeads * headDim, hidden].</summary>
    public string Key { get; init; } = "self_attn.k_proj";

    /// <summary>[kvHeads * headDim, hidden].</summary>
    public string Value { get; init; } = "self_attn.v_proj";

    /// <summary>Queries, keys and values, one under the other, where they are stored in one tensor.</summary>
    public string? FusedQkv { get; init; }

    /// <summary>[hidden, heads * headDim].</summary>
    public string Output { get; init; } = "self_attn.o_proj";

    /// <summary>The norm of queries.</summary>
    public string QueryNorm { get; init; } = "self_attn.q_norm";

    /// <summary>The norm of keys.</summary>
    public string KeyNorm { get; init; } = "self_attn.k_norm";

    /// <summary>Whether the norms of the heads are tensors of their own, "NAME.norms.N"; else the heads' gains stand in one.</summary>
    public bool SplitHeadNorms { get; init; }

    /// <summary>The score of each head that attends to nothing, [heads].</summary>
    public string Sinks { get; init; } = "self_attn.sinks";

    /// <summary>[feedForward, hidden].</summary>
    public string Gate { get; init; } = "mlp.gate_proj";

    /// <summary>[feedForward, hidden].</summary>
    public string Up { get; init; } = "mlp.up_proj";

    /// <summary>Gate and up, one under the other, where they are stored in one tensor.</summary>
    public string? FusedGateUp { get; init; }

    /// <summary>[hidden, feedForward].</summary>
    public string Down { get; init; } = "mlp.down_proj";

    /// <summary>The tensors of latent attention.</summary>
    public LatentNames Latent { get; init; } = new();

    /// <summary>The experts' tensors.</summary>
    public ExpertNames Experts { get; init; } = new();
}
