namespace Onnx.Llama.Conversion.Families;

/// <summary>Seed-OSS: Llama with biases of queries, keys and values only. Reference: transformers, models/seed_oss/modeling_seed_oss.py.</summary>
internal static class SeedOssFamily
{
    public static readonly ModelFamily Family = new("seed_oss", "Seed-OSS", config =>
        DecoderFacts.Read(config, new ConfigDefaults { Positions = 524288, HeadDim = 128 }) with
        {
            QkvBias = config.Flag("attention_bias", true),
            OutputBias = config.Flag("attention_out_bias", false),
            FeedForwardBias = config.Flag("mlp_bias", false),
        });
}
