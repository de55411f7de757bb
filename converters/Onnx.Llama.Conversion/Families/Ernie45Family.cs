namespace Onnx.Llama.Conversion.Families;

/// <summary>ERNIE 4.5 dense: Llama with interleaved rotation. Reference: transformers, models/ernie4_5/modeling_ernie4_5.py.</summary>
internal static class Ernie45Family
{
    public static readonly ModelFamily Family = new("ernie4_5", "ERNIE 4.5", config =>
    {
        ConfigDefaults defaults = new() { Positions = 131072, Theta = 500000, KvHeads = 2, HeadDim = 128, Norm = new NormSpec(1e-5f), TiedHead = true };
        bool bias = config.Flag("use_bias", false);
        return DecoderFacts.Read(config, defaults) with
        {
            GenAiType = "ernie4_5",
            QkvBias = bias,
            OutputBias = bias,
            FeedForwardBias = bias,
            RotaryInterleaved = true,
        };
    });
}
