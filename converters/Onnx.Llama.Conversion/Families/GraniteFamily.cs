using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// Granite 3 (arXiv:2408.13359, the multipliers of muP): Llama with factors of the embedding, the scores, what layers add, and the logits.
/// Reference: transformers, models/granite/modeling_granite.py.
/// </summary>
internal static class GraniteFamily
{
    public static readonly ModelFamily Family = new("granite", "Granite 3", config => WithMultipliers(LlamaFamily.Describe(config), config) with { GenAiType = "granite" });

    /// <summary>The four factors; logits are divided by theirs.</summary>
    public static DecoderSpec WithMultipliers(DecoderSpec spec, HfConfig config) => spec with
    {
        EmbeddingScale = config.Positive("embedding_multiplier") ?? 1,
        AttentionScale = config.Positive("attention_multiplier") ?? 1,
        ResidualScale = config.Positive("residual_multiplier") ?? 1,
        LogitScale = 1 / (config.Positive("logits_scaling") ?? 1),
    };
}
