using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// Hunyuan dense: Llama with norms of each query and key head behind the rotation. Reference: transformers, models/hunyuan_v1_dense/modeling_hunyuan_v1_dense.py.
/// </summary>
internal static class HunYuanDenseFamily
{
    public static readonly ModelFamily Family = new("hunyuan_v1_dense", "Hunyuan dense", config =>
    {
        DecoderSpec llama = DecoderFacts.Read(config, new ConfigDefaults { Norm = new NormSpec(1e-5f) });
        bool bias = config.Flag("attention_bias", false);
        return llama with
        {
            GenAiType = "hunyuandensev1",
            QkvBias = bias,
            OutputBias = bias,
            HeadNorm = new HeadNorm(llama.Norm, HeadNormScope.Head, AfterRotation: true),
            Weights = WeightMap.Llama with { QueryNorm = "self_attn.query_layernorm", KeyNorm = "self_attn.key_layernorm" },
        };
    });
}
