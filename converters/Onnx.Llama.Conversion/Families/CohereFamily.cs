using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// Command R: attention and network side by side behind one LayerNorm without bias, interleaved rotation, scaled logits, a tied head.
/// Reference: transformers, models/cohere/modeling_cohere.py.
/// </summary>
internal static class CohereFamily
{
    public static readonly ModelFamily Family = new("cohere", "Command R", config =>
    {
        DecoderSpec spec = Describe(config);
        return config.Flag("use_qk_norm", false) ? spec with { HeadNorm = new HeadNorm(spec.Norm, HeadNormScope.OwnHead) } : spec;
    });

    /// <summary>What Command R and R7B have.</summary>
    public static DecoderSpec Describe(HfConfig config)
    {
        bool bias = config.Flag("attention_bias", false);
        DecoderSpec spec = DecoderFacts.Read(
            config, new ConfigDefaults { Positions = 8192, Norm = new NormSpec(1e-5f, Centered: true), EpsilonKey = "layer_norm_eps", TiedHead = true });
        return spec with
        {
            QkvBias = bias,
            OutputBias = bias,
            ParallelResidual = true,
            RotaryInterleaved = true,
            LogitScale = config.Positive("logit_scale") ?? 0.0625f,
            Weights = WeightMap.Llama with { NormBeforeFeedForward = null },
        };
    }
}
