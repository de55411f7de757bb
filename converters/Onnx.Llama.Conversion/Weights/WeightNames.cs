namespace Onnx.Llama.Conversion.Weights;

/// <summary>Names of a Llama checkpoint's tensors, as Hugging Face transformers spells them.</summary>
internal static class WeightNames
{
    public const string Embedding = "model.embed_tokens.weight";
    public const string FinalNorm = "model.norm.weight";
    public const string Head = "lm_head.weight";

    /// <summary>A tensor of a layer; <paramref name="part"/> as in "self_attn.q_proj.weight".</summary>
    public static string Layer(int layer, string part) => FormattableString.Invariant($"model.layers.{layer}.{part}");

    /// <summary>
    /// Whether a tensor is not a weight: old checkpoints store the rotation's frequencies, which config.json gives as well.
    /// </summary>
    public static bool IsDerived(string name) => name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal);
}
