using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// OLMo 3: OLMo 2 with windows in three of four layers, whose rotation is not scaled. Reference: transformers, models/olmo3/modeling_olmo3.py.
/// </summary>
internal static class Olmo3Family
{
    public static readonly ModelFamily Family = new("olmo3", "OLMo 3", config =>
    {
        DecoderSpec olmo = Olmo2Family.Describe(config, LayerKinds.Full);
        return olmo
            .WithLayerTypes(config, slides: layer => (layer + 1) % 4 != 0, window: 4096)
            .WithRope((layer, _) => layer.Window is null ? layer.Rope : LocalRope(config, olmo.ContextLength, layer.Rope!));
    });

    private static RopeConfig LocalRope(HfConfig config, int positions, RopeConfig rope) => config.HasRopeOf(LayerKinds.Sliding)
        ? config.Rope(positions, layerType: LayerKinds.Sliding)
        : new RopeConfig.Default(rope.Theta, rope.PartialRotaryFactor);
}
