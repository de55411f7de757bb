using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// Qwen 1.5 MoE, Qwen 2 57B-A14B (arXiv:2407.10671): Qwen 2 with experts and a gated shared expert; weights are the softmax over all scores.
/// Reference: transformers, models/qwen2_moe/modeling_qwen2_moe.py.
/// </summary>
internal static class Qwen2MoeFamily
{
    public static readonly ModelFamily Family = new("qwen2_moe", "Qwen 1.5 MoE, Qwen 2 MoE", config =>
    {
        DecoderSpec llama = DecoderFacts.Read(config, new ConfigDefaults { Positions = 32768 });
        return Qwen2Family.WithWindows(llama, config) with
        {
            QkvBias = config.Flag("qkv_bias", true),
            Experts = Experts(config, llama) with { Shared = new SharedExpert(config.Size("shared_expert_intermediate_size"), Gated: true) },
        };
    });

    /// <summary>The experts of Qwen 2 and 3.</summary>
    public static ExpertsSpec Experts(HfConfig config, DecoderSpec spec) => ExpertsFacts.Read(
        config,
        spec.Layers,
        config.Size("moe_intermediate_size"),
        new Routing.Softmax(config.Flag("norm_topk_prob", false)),
        ExpertsFacts.SparseLayers(config));
}
