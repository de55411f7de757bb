using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// gpt-oss (arXiv:2508.10925): biases everywhere, a window in every second layer, attention sinks, and experts with a clamped gate, weighted by the softmax
/// over the chosen ones' scores. Reference: transformers, models/gpt_oss/modeling_gpt_oss.py.
/// </summary>
internal static class GptOssFamily
{
    private static readonly ExpertNames s_names = new()
    {
        Router = "mlp.router",
        Stacked = new StackedExperts("mlp.experts.gate_up_proj", "mlp.experts.down_proj", InputsFirst: true)
        {
            GateUpBias = "mlp.experts.gate_up_proj_bias",
            DownBias = "mlp.experts.down_proj_bias",
        },
    };

    public static readonly ModelFamily Family = new("gpt_oss", "gpt-oss", config =>
    {
        DecoderSpec llama = DecoderFacts.Read(
            config, new ConfigDefaults { Positions = 131072, Theta = 150000, KvHeads = 8, HeadDim = 64, Norm = new NormSpec(1e-5f) });
        bool bias = config.Flag("attention_bias", true);
        return (llama with
        {
            GenAiType = "gptoss",
            QkvBias = bias,
            OutputBias = bias,
            AttentionSinks = true,
            Experts = ExpertsFacts.Read(config, llama.Layers, llama.FeedForward, new Routing.Softmax(Normalized: true)) with
            {
                RouterBias = true,
                Bias = true,
                ClampedGate = new ClampedGate(config.Positive("swiglu_alpha") ?? 1.702f, config.Positive("swiglu_limit") ?? 7),
            },
            Weights = WeightMap.Llama with { Experts = s_names },
        }).WithLayerTypes(config, slides: layer => layer % 2 == 0, window: 128);
    });
}
