using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// Gemma 3 (arXiv:2503.19786): Gemma 2 with norms of each query and key head instead of soft-caps, five windowed layers to one full, and a rotation of their
/// own for the windowed ones. Reference: transformers, models/gemma3/modeling_gemma3.py.
/// </summary>
internal static class Gemma3Family
{
    private const string PeriodKey = "sliding_window_pattern";

    /// <summary>As transformers 5 writes it.</summary>
    private const string NewPeriodKey = "_sliding_window_pattern";

    public static readonly ModelFamily Family = new("gemma3_text", "Gemma 3", config =>
    {
        string key = config.Has(NewPeriodKey) ? NewPeriodKey : PeriodKey;
        int period = config.Size(key, 6);
        DecoderSpec gemma = Gemma2Family.Describe(config, theta: 1e6, LayerKinds.Full);
        return (gemma with { GenAiType = "gemma3_text", HeadNorm = new HeadNorm(gemma.Norm, HeadNormScope.Head) })
            .WithLayerTypes(config, slides: layer => (layer + 1) % period != 0, window: 4096, key)
            .WithRope((layer, _) => layer.Window is null ? layer.Rope : LocalRope(config, gemma.ContextLength));
    });

    /// <summary>Windowed layers are not scaled.</summary>
    private static RopeConfig LocalRope(HfConfig config, int positions) => config.HasRopeOf(LayerKinds.Sliding)
        ? config.Rope(positions, layerType: LayerKinds.Sliding)
        : new RopeConfig.Default(Theta: 10000, PartialRotaryFactor: 1);
}
