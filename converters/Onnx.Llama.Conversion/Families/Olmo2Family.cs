using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// OLMo 2 (arXiv:2501.00656): Llama with norms behind attention and network instead of before them, and norms of all queries and all keys.
/// Reference: transformers, models/olmo2/modeling_olmo2.py.
/// </summary>
internal static class Olmo2Family
{
    public static readonly ModelFamily Family = new("olmo2", "OLMo 2", config => Describe(config, rotatedLayers: null));

    /// <summary>Llama's names with norms behind attention and network.</summary>
    public static WeightMap NormsBehind { get; } = WeightMap.Llama with
    {
        NormBeforeAttention = null,
        NormAfterAttention = "post_attention_layernorm",
        NormBeforeFeedForward = null,
        NormAfterFeedForward = "post_feedforward_layernorm",
    };

    /// <summary>What OLMo 2 and 3 have.</summary>
    public static DecoderSpec Describe(HfConfig config, string? rotatedLayers)
    {
        DecoderSpec llama = DecoderFacts.Read(config, new ConfigDefaults { Norm = new NormSpec(1e-5f), RotatedLayers = rotatedLayers });
        bool bias = config.Flag("attention_bias", false);
        return llama with
        {
            QkvBias = bias,
            OutputBias = bias,
            HeadNorm = new HeadNorm(llama.Norm, HeadNormScope.AllHeads),
            Weights = NormsBehind,
        };
    }
}
