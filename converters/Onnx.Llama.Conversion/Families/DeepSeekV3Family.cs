using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// DeepSeek V3, V3.1, R1 (arXiv:2412.19437): multi-head latent attention, and behind the first layers experts that a biased sigmoid chooses within groups,
/// beside a shared one. Reference: transformers, models/deepseek_v3/modeling_deepseek_v3.py.
/// </summary>
internal static class DeepSeekV3Family
{
    public static readonly ModelFamily Family = new("deepseek_v3", "DeepSeek V3, R1", config =>
    {
        DecoderSpec llama = DecoderFacts.Read(config, new ConfigDefaults { Positions = 4096 });
        bool bias = config.Flag("attention_bias", false);
        return LatentFacts.WithLatentAttention(llama, config) with
        {
            QkvBias = bias,
            OutputBias = bias,
            RotaryInterleaved = config.Flag("rope_interleave", true),
            Experts = Experts(config, llama),
            PredictionLayers = config.Count("num_nextn_predict_layers", 0),
            Weights = WeightMap.Llama with { Experts = new ExpertNames { Shared = "mlp.shared_experts" } },
        };
    });

    private static ExpertsSpec Experts(HfConfig config, DecoderSpec spec)
    {
        config.RefuseOther("scoring_func", "sigmoid");
        config.RefuseOther("topk_method", "noaux_tc");
        if (config.Size("moe_layer_freq", 1) != 1) throw config.Refuse("moe_layer_freq", "1", "Layers with experts between plain ones are not supported.");
        int plain = config.Count("first_k_dense_replace", 3);
        int width = config.Size("moe_intermediate_size");
        Routing.BiasedSigmoid routing = new(
            config.Size("n_group", 8), config.Size("topk_group", 4), config.Flag("norm_topk_prob", true), config.Positive("routed_scaling_factor") ?? 2.5f);
        ExpertsSpec experts = ExpertsFacts.Read(config, spec.Layers, width, routing, layer => layer >= plain);
        ExpertsFacts.RefuseGroups(config, experts, routing);
        return experts with { Shared = new SharedExpert(checked(width * config.Size("n_shared_experts", 1)), Gated: false) };
    }
}
