using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// OLMo 3: OLMo 2 with windows in three of four layers, whose rotation is not scaled. Reference: transformers, models/olmo3/modeling_olmo3.py.
/// </summary>
internal static class Olmo3Family
{
    public static readonly ModelFamily Family = new("olmo3", "OLMo 3", config => Olmo2Family.Describe(config, LayerKinds.Full)
        .WithLayerTypes(config, slides: layer => (layer + 1) % 4 != 0, window: 4096)
        .WithRope((layer, _) => layer is { Window: not null, Rope: { } rope } ? new RopeConfig.Default(rope.Theta, rope.PartialRotaryFactor) : layer.Rope));
}
