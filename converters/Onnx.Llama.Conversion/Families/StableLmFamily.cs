using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// StableLM 2 (arXiv:2402.17834): Llama with LayerNorms, a part of each head rotated, and in the 12B a parallel layer and norms of each head.
/// Reference: transformers, models/stablelm/modeling_stablelm.py.
/// </summary>
internal static class StableLmFamily
{
    public static readonly ModelFamily Family = new("stablelm", "StableLM 2", config =>
    {
        DecoderSpec spec = DecoderFacts.Read(config, new ConfigDefaults
        {
            Positions = 4096,
            Norm = new NormSpec(1e-5f, Centered: true, Bias: true),
            EpsilonKey = "layer_norm_eps",
            RotaryShare = 0.25,
        });
        bool parallel = config.Flag("use_parallel_residual", false);
        return spec with
        {
            QkvBias = config.Flag("use_qkv_bias", false),
            ParallelResidual = parallel,
            HeadNorm = config.Flag("qk_layernorm", false) ? new HeadNorm(spec.Norm with { Bias = false }, HeadNormScope.OwnHead) : null,
            Weights = WeightMap.Llama with
            {
                NormBeforeFeedForward = parallel ? null : WeightMap.Llama.NormBeforeFeedForward,
                QueryNorm = "self_attn.q_layernorm",
                KeyNorm = "self_attn.k_layernorm",
                SplitHeadNorms = true,
            },
        };
    });
}
