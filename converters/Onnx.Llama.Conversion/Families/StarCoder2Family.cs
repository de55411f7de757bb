using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// StarCoder 2 (arXiv:2402.19173): Llama with LayerNorms, an ungated network, biases everywhere, and a window where one is given.
/// Reference: transformers, models/starcoder2/modeling_starcoder2.py.
/// </summary>
internal static class StarCoder2Family
{
    public static readonly ModelFamily Family = new("starcoder2", "StarCoder 2", config =>
    {
        DecoderSpec spec = DecoderFacts.Read(config, new ConfigDefaults
        {
            Positions = 4096,
            KvHeads = 2,
            Norm = new NormSpec(1e-5f, Centered: true, Bias: true),
            EpsilonKey = "norm_epsilon",
            Activation = "gelu_pytorch_tanh",
            TiedHead = true,
        });
        bool bias = config.Flag("use_bias", true);
        return (spec with
        {
            QkvBias = bias,
            OutputBias = bias,
            FeedForwardBias = bias,
            Gated = false,
            Weights = WeightMap.Llama with { Up = "mlp.c_fc", Down = "mlp.c_proj" },
        }).WithWindow(config.Window(spec.ContextLength));
    });
}
