using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// Phi-3.5-MoE, Phi mini and tiny MoE (arXiv:2404.14219, 2506.18349): Llama with LayerNorms and experts that a sparse mixer chooses.
/// Reference: transformers, models/phimoe/modeling_phimoe.py.
/// </summary>
internal static class PhiMoeFamily
{
    public static readonly ModelFamily Family = new("phimoe", "Phi 3.5 MoE", config =>
    {
        DecoderSpec spec = DecoderFacts.Read(config, new ConfigDefaults
        {
            Positions = 131072,
            Theta = 1e6,
            KvHeads = 8,
            Norm = new NormSpec(1e-5f, Centered: true, Bias: true),
        });
        bool bias = config.Flag("attention_bias", false);
        Routing routing = new Routing.SparseMixer(config.Number("router_jitter_noise", 0.01f));
        ExpertsSpec experts = ExpertsFacts.Read(config, spec.Layers, spec.FeedForward, routing);
        if (experts.Chosen != 2) throw config.Refuse("num_experts_per_tok", "2", "The sparse mixer chooses two experts.");
        return (spec with
        {
            GenAiType = "phimoe",
            QkvBias = bias,
            OutputBias = bias,
            HeadBias = config.Flag("lm_head_bias", false),
            Experts = experts,
            Weights = WeightMap.Llama with { Experts = MixtralFamily.Names },
        }).WithWindow(Phi3Family.Window(config, spec.ContextLength));
    });
}
