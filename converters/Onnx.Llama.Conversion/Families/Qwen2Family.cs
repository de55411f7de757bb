using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// Qwen 1.5, 2, 2.5 (arXiv:2407.10671, 2412.15115): Llama with biases of queries, keys and values, and windows in the upper layers where use_sliding_window
/// is on. Reference: transformers, models/qwen2/modeling_qwen2.py.
/// </summary>
internal static class Qwen2Family
{
    public static readonly ModelFamily Family = new("qwen2", "Qwen 1.5, 2, 2.5", config =>
        WithWindows(DecoderFacts.Read(config, new ConfigDefaults { Positions = 32768 }) with { GenAiType = "qwen2", QkvBias = true }, config));

    /// <summary>Layers from max_window_layers on see a window, if that is switched on.</summary>
    public static DecoderSpec WithWindows(DecoderSpec spec, HfConfig config)
    {
        int below = config.Count("max_window_layers", 28);
        bool isOn = config.Flag("use_sliding_window", false);
        if (!isOn) _ = config.OptionalDouble("sliding_window");
        int full = isOn ? below : spec.Layers;
        return spec.WithLayerTypes(config, slides: layer => layer >= full, window: 4096, key: "use_sliding_window");
    }
}
