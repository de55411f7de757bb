using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// Hunyuan dense: Llama with norms of each query and key head behind the rotation, whose base is stretched once and for all.
/// Reference: transformers, models/hunyuan_v1_dense/modeling_hunyuan_v1_dense.py.
/// </summary>
internal static class HunYuanDenseFamily
{
    public static readonly ModelFamily Family = new("hunyuan_v1_dense", "Hunyuan dense", config =>
    {
        DecoderSpec llama = DecoderFacts.Read(config, new ConfigDefaults { Norm = new NormSpec(1e-5f) });
        bool bias = config.Flag("attention_bias", false);
        return WithAlpha(llama, config) with
        {
            GenAiType = "hunyuandensev1",
            QkvBias = bias,
            OutputBias = bias,
            HeadNorm = new HeadNorm(llama.Norm, HeadNormScope.Head, AfterRotation: true),
            Weights = WeightMap.Llama with { QueryNorm = "self_attn.query_layernorm", KeyNorm = "self_attn.key_layernorm" },
        };
    });

    /// <summary>
    /// A dynamic rotation with an alpha is not dynamic: its base is <c>theta * alpha^(d / (d - 2))</c> at any length. The checkpoints write settings of YaRN
    /// beside it, which the reference does not read.
    /// </summary>
    private static DecoderSpec WithAlpha(DecoderSpec spec, HfConfig config)
    {
        ConfigObject? scaling = config.Section("rope_scaling") ?? config.Section("rope_parameters");
        if (spec.Attention[0].Rope is not RopeConfig.Dynamic dynamic || scaling?.OptionalDouble("alpha") is not { } alpha) return spec;
        if (alpha <= 0) throw scaling.Refuse("alpha", "a positive number", "");
        foreach (string key in (string[])["beta_fast", "beta_slow", "mscale", "mscale_all_dim"]) _ = scaling.OptionalDouble(key);
        double theta = dynamic.Theta * Math.Pow(alpha, spec.HeadDim / (spec.HeadDim - 2.0));
        return (spec with { ContextLength = dynamic.OriginalMaxPositions })
            .WithRope((_, _) => new RopeConfig.Default(theta, dynamic.PartialRotaryFactor));
    }
}
