namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// OLMo 1 (arXiv:2402.00838): Llama with LayerNorms that have neither gain nor bias, and clipped queries, keys and values.
/// Reference: transformers, models/olmo/modeling_olmo.py.
/// </summary>
internal static class OlmoFamily
{
    public static readonly ModelFamily Family = new("olmo", "OLMo 1", config =>
    {
        DecoderSpec spec = DecoderFacts.Read(config, new ConfigDefaults { Norm = new NormSpec(1e-5f, Centered: true, Gain: false), EpsilonKey = null });
        bool bias = config.Flag("attention_bias", false);
        return spec with { GenAiType = "olmo", QkvBias = bias, OutputBias = bias, QkvClip = config.Positive("clip_qkv") };
    });
}
