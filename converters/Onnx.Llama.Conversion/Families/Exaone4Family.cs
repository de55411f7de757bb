using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// EXAONE 4 (arXiv:2507.11407): Llama with norms behind attention and network, norms of each query and key head, and in the 32B windows in three of four
/// layers and no positions in the full ones. Reference: transformers, models/exaone4/modeling_exaone4.py.
/// </summary>
internal static class Exaone4Family
{
    private const string PeriodKey = "sliding_window_pattern";

    public static readonly ModelFamily Family = new("exaone4", "EXAONE 4", config =>
    {
        DecoderSpec llama = DecoderFacts.Read(config, new ConfigDefaults { Norm = new NormSpec(1e-5f) });
        DecoderSpec spec = llama with
        {
            HeadNorm = new HeadNorm(llama.Norm, HeadNormScope.Head),
            Weights = Olmo2Family.NormsBehind,
        };
        if (!config.Has("sliding_window")) return spec;
        int period = Period(config);
        return spec
            .WithLayerTypes(config, slides: layer => (layer + 1) % period != 0 && layer != spec.Layers - 1, window: null, PeriodKey)
            .WithRope((layer, _) => layer.Window is null ? null : layer.Rope);
    });

    /// <summary>A number, or as the checkpoints have it a letter for each layer of the period: "LLLG" is local, local, local, global.</summary>
    private static int Period(HfConfig config)
    {
        if (!config.IsText(PeriodKey)) return config.Size(PeriodKey, 4);
        string letters = config.Text(PeriodKey);
        return letters.Length > 0 && letters.TrimEnd('G') == new string('L', letters.Length - 1)
            ? letters.Length
            : throw config.Refuse(PeriodKey, "a number, or letters L with one G at their end", "Other patterns are not supported.");
    }
}
