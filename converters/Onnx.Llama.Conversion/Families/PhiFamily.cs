using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// Phi 1, 1.5, 2 (arXiv:2306.11644, 2309.05463): attention and an ungated network side by side behind one LayerNorm, biases everywhere, a part of each head
/// rotated. Reference: transformers, models/phi/modeling_phi.py.
/// </summary>
internal static class PhiFamily
{
    public static readonly ModelFamily Family = new("phi", "Phi 1, 1.5, 2", config =>
    {
        NormSpec norm = new(1e-5f, Centered: true, Bias: true);
        DecoderSpec spec = DecoderFacts.Read(
            config, new ConfigDefaults { Norm = norm, EpsilonKey = "layer_norm_eps", Activation = "gelu_new", RotaryShare = 0.5 });
        return spec with
        {
            GenAiType = "phi",
            QkvBias = true,
            OutputBias = true,
            FeedForwardBias = true,
            HeadBias = true,
            Gated = false,
            ParallelResidual = true,
            HeadNorm = config.Flag("qk_layernorm", false) ? new HeadNorm(spec.Norm, HeadNormScope.Head) : null,
            Weights = WeightMap.Llama with
            {
                FinalNorm = "final_layernorm",
                NormBeforeFeedForward = null,
                Output = "self_attn.dense",
                QueryNorm = "self_attn.q_layernorm",
                KeyNorm = "self_attn.k_layernorm",
                Up = "mlp.fc1",
                Down = "mlp.fc2",
            },
        };
    });
}
