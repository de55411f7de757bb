namespace Onnx.Llama.Conversion.Families;

/// <summary>Helium (Kyutai): Llama with interleaved rotation. Reference: transformers, models/helium/modeling_helium.py.</summary>
internal static class HeliumFamily
{
    public static readonly ModelFamily Family = new("helium", "Helium", config =>
        DecoderFacts.Read(config, new ConfigDefaults { Positions = 4096, Theta = 100000, HeadDim = 128, Norm = new NormSpec(1e-8f) }) with
        {
            QkvBias = config.Flag("attention_bias", false),
            FeedForwardBias = config.Flag("mlp_bias", false),
            RotaryInterleaved = true,
        });
}
