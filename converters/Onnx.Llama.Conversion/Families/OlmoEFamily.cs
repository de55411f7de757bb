using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// OLMoE (arXiv:2409.02060): Llama with norms of all queries and all keys, and experts weighted by the softmax over all scores.
/// Reference: transformers, models/olmoe/modeling_olmoe.py.
/// </summary>
internal static class OlmoEFamily
{
    public static readonly ModelFamily Family = new("olmoe", "OLMoE", config =>
    {
        DecoderSpec llama = DecoderFacts.Read(config, new ConfigDefaults { Positions = 4096, Norm = new NormSpec(1e-5f) });
        bool bias = config.Flag("attention_bias", false);
        return llama with
        {
            QkvBias = bias,
            OutputBias = bias,
            QkvClip = RefuseClip(config),
            HeadNorm = new HeadNorm(llama.Norm, HeadNormScope.AllHeads),
            Experts = ExpertsFacts.Read(config, llama.Layers, llama.FeedForward, new Routing.Softmax(config.Flag("norm_topk_prob", false))),
        };
    });

    /// <summary>OLMoE would clip behind the norm, where no published checkpoint does.</summary>
    private static float? RefuseClip(HfConfig config) => config.Positive("clip_qkv") is null
        ? null
        : throw config.Refuse("clip_qkv", "null", "Clipping of normed queries and keys is not supported.");
}
