using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// GLM 4 9B (arXiv:2406.12793): Llama with half of each head rotated in interleaved pairs, fused gate and up, and biases of queries, keys and values.
/// Reference: transformers, models/glm/modeling_glm.py.
/// </summary>
internal static class GlmFamily
{
    public static readonly ModelFamily Family = new("glm", "GLM 4 9B", Describe);

    public static DecoderSpec Describe(HfConfig config)
    {
        ConfigDefaults defaults = new() { Positions = 131072, KvHeads = 2, HeadDim = 128, Norm = new NormSpec(1.5625e-7f), RotaryShare = 0.5 };
        return DecoderFacts.Read(config, defaults) with
        {
            QkvBias = config.Flag("attention_bias", true),
            RotaryInterleaved = true,
            Weights = WeightMap.Llama with { FusedGateUp = "mlp.gate_up_proj" },
        };
    }
}
