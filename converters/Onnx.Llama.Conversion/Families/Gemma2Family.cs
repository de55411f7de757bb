using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// Gemma 2 (arXiv:2408.00118): Gemma with norms around both halves of a layer, soft-capped scores and logits, a scale of its own, and windows in every
/// other layer. Reference: transformers, models/gemma2/modeling_gemma2.py.
/// </summary>
internal static class Gemma2Family
{
    public static readonly ModelFamily Family = new("gemma2", "Gemma 2", config =>
        Describe(config).WithLayerTypes(config, slides: layer => layer % 2 == 0, window: 4096) with { GenAiType = "gemma2" });

    /// <summary>What Gemma 2 and 3 have.</summary>
    public static DecoderSpec Describe(HfConfig config, double theta = 10000, string? rotatedLayers = null) => GemmaFamily.Describe(config, theta, rotatedLayers) with
    {
        AttentionScale = 1 / MathF.Sqrt(config.Positive("query_pre_attn_scalar") ?? 256),
        AttentionSoftcap = config.Positive("attn_logit_softcapping"),
        LogitSoftcap = config.Positive("final_logit_softcapping"),
        Weights = WeightMap.Llama with
        {
            NormAfterAttention = "post_attention_layernorm",
            NormBeforeFeedForward = "pre_feedforward_layernorm",
            NormAfterFeedForward = "post_feedforward_layernorm",
        },
    };
}
