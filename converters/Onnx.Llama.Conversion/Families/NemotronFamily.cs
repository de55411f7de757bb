namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// Nemotron 3, 4 and Minitron (arXiv:2402.16819, 2407.14679): Llama with 1 + w LayerNorms, an ungated network of squared ReLUs, and half of each head
/// rotated. Reference: transformers, models/nemotron/modeling_nemotron.py.
/// </summary>
internal static class NemotronFamily
{
    public static readonly ModelFamily Family = new("nemotron", "Nemotron 4, Minitron", config => LlamaFamily.Describe(config, new ConfigDefaults
    {
        Positions = 4096,
        Norm = new NormSpec(1e-5f, Centered: true, Offset: 1, Bias: true),
        EpsilonKey = "norm_eps",
        Activation = "relu2",
        RotaryShare = 0.5,
    }) with
    { GenAiType = "nemotron", Gated = false });
}
