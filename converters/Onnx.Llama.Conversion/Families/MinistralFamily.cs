namespace Onnx.Llama.Conversion.Families;

/// <summary>Ministral 8B: Mistral with windows in some layers. Reference: transformers, models/ministral/modeling_ministral.py.</summary>
internal static class MinistralFamily
{
    public static readonly ModelFamily Family = new("ministral", "Ministral 8B", config =>
        DecoderFacts.Read(config, new ConfigDefaults { Positions = 131072, KvHeads = 8 }).WithLayerTypes(config, slides: _ => config.Has("sliding_window")));
}
