namespace Onnx.Llama.Conversion.Weights;

/// <summary>Names of a checkpoint's tensors beyond what <see cref="WeightMap"/> says, as Hugging Face transformers spells them.</summary>
internal static class WeightNames
{
    public const string Head = "lm_head";

    /// <summary>A classifier's scores, [labels, hidden].</summary>
    public const string Score = "score";

    /// <summary>The embedding's name in the graph, the same for all families.</summary>
    public const string GraphEmbedding = "model.embed_tokens.weight";

    /// <summary>The head's name in the graph.</summary>
    public const string GraphHead = "lm_head.weight";

    /// <summary>Whether a name is of what follows the decoder, and does not have its prefix.</summary>
    public static bool IsOfHead(string name) =>
        name.StartsWith(Head + ".", StringComparison.Ordinal) || name.StartsWith(Score + ".", StringComparison.Ordinal);

    /// <summary>Of a norm or projection.</summary>
    public static string Weight(string name) => $"{name}.weight";

    /// <summary>Of a norm or projection.</summary>
    public static string Bias(string name) => $"{name}.bias";

    /// <summary>A part of a layer; <paramref name="part"/> as in "self_attn.q_proj".</summary>
    public static string Layer(int layer, string part) => FormattableString.Invariant($"layers.{layer}.{part}");

    /// <summary>
    /// Whether a tensor is not a weight: old checkpoints store the rotation's frequencies, which config.json gives as well.
    /// </summary>
    public static bool IsDerived(string name) => name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal);
}
