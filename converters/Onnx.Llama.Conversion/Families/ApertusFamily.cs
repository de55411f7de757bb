using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// Apertus (arXiv:2509.14233): Llama with an ungated xIELU network and norms of each query and key head.
/// Reference: transformers, models/apertus/modeling_apertus.py.
/// </summary>
internal static class ApertusFamily
{
    public static readonly ModelFamily Family = new("apertus", "Apertus", config =>
    {
        DecoderSpec llama = DecoderFacts.Read(config, new ConfigDefaults { Positions = 65536, Theta = 12e6, Norm = new NormSpec(1e-5f), Activation = "xielu" });
        bool bias = config.Flag("attention_bias", false);
        return llama with
        {
            QkvBias = bias,
            OutputBias = bias,
            Gated = false,
            HeadNorm = new HeadNorm(llama.Norm, HeadNormScope.Head),
            Weights = WeightMap.Llama with { NormBeforeAttention = "attention_layernorm", NormBeforeFeedForward = "feedforward_layernorm" },
        };
    });
}
