using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Families;

/// <summary>GLM 4 0414: GLM with norms around both halves of a layer. Reference: transformers, models/glm4/modeling_glm4.py.</summary>
internal static class Glm4Family
{
    public static readonly ModelFamily Family = new("glm4", "GLM 4 0414, GLM Z1", Describe);

    private static DecoderSpec Describe(HfConfig config)
    {
        DecoderSpec glm = GlmFamily.Describe(config);
        return glm with { Weights = glm.Weights with { NormAfterAttention = "post_self_attn_layernorm", NormAfterFeedForward = "post_mlp_layernorm" } };
    }
}
