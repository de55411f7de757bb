namespace Onnx.Llama.Conversion.Weights;

/// <summary>Where latent attention keeps what; see <see cref="WeightMap"/>. Queries that are not compressed are <see cref="WeightMap.Query"/>.</summary>
public sealed record LatentNames
{
    /// <summary>[queryRank, hidden].</summary>
    public string QueryDown { get; init; } = "self_attn.q_a_proj";

    /// <summary>The norm of the compressed query.</summary>
    public string QueryNorm { get; init; } = "self_attn.q_a_layernorm";

    /// <summary>[heads * (plainDim + rotaryDim), queryRank].</summary>
    public string QueryUp { get; init; } = "self_attn.q_b_proj";

    /// <summary>[rank + rotaryDim, hidden]: the compressed keys and values, and the key that is rotated.</summary>
    public string KeyValueDown { get; init; } = "self_attn.kv_a_proj_with_mqa";

    /// <summary>The norm of the compressed keys and values.</summary>
    public string KeyValueNorm { get; init; } = "self_attn.kv_a_layernorm";

    /// <summary>[heads * (plainDim + valueDim), rank]: each head's keys above its values.</summary>
    public string KeyValueUp { get; init; } = "self_attn.kv_b_proj";
}
