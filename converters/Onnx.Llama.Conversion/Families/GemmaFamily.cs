using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// Gemma 1 (arXiv:2403.08295): Llama with 1 + w norms, scaled embeddings, a tanh-gelu gate, a tied head.
/// Reference: transformers, models/gemma/modeling_gemma.py.
/// </summary>
internal static class GemmaFamily
{
    public static readonly ModelFamily Family = new("gemma", "Gemma 1", config => Describe(config) with { GenAiType = "gemma" });

    /// <summary>What all Gemmas have. The checkpoints of Gemma 1 say hidden_act "gelu" and mean what hidden_activation says.</summary>
    public static DecoderSpec Describe(HfConfig config, double theta = 10000, string? rotatedLayers = null)
    {
        config.RefuseOn("use_bidirectional_attention");
        DecoderSpec llama = LlamaFamily.Describe(config, new ConfigDefaults
        {
            Positions = 8192,
            Theta = theta,
            RotatedLayers = rotatedLayers,
            HeadDim = 256,
            Norm = new NormSpec(1e-6f, Offset: 1),
            ActivationKeys = ["hidden_activation", "hidden_act"],
            Activation = "gelu_pytorch_tanh",
            TiedHead = true,
        });
        return llama with { EmbeddingScale = MathF.Sqrt(llama.Hidden) };
    }
}
