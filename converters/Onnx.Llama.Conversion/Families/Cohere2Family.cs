namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// Command R7B and A (arXiv:2504.00698): Command R with windows in three of four layers, and no positions in the full ones.
/// Reference: transformers, models/cohere2/modeling_cohere2.py.
/// </summary>
internal static class Cohere2Family
{
    private const string PeriodKey = "sliding_window_pattern";

    public static readonly ModelFamily Family = new("cohere2", "Command R7B, Command A", config =>
    {
        int period = config.Size(PeriodKey, 4);
        return CohereFamily.Describe(config)
            .WithLayerTypes(config, slides: layer => (layer + 1) % period != 0, window: 4096, PeriodKey)
            .WithRope((layer, _) => layer.Window is null ? null : layer.Rope);
    });
}
