using Onnx.Llama.Kernels.Rewriting;
using Onnx.Llama.Manifest;

namespace Onnx.Llama.Decoding;

/// <summary>Which layers of a folder's graphs keep a window only, and how much room they have beyond it.</summary>
internal static class LayerWindows
{
    /// <summary>The name of a cache input's length where the layer keeps everything.</summary>
    public const string FullLength = "past_sequence_length";

    /// <summary>The longest window; no model's context comes near it.</summary>
    private const int Longest = 1 << 28;

    /// <summary>The window of each layer, null where it keeps everything: from the manifest, else from genai_config.json.</summary>
    /// <exception cref="ModelException">The file's layers are not the model's.</exception>
    public static IReadOnlyList<int?> Of(string folder, GenAiDecoder decoder, ModelManifest? manifest) => manifest is null
        ? OfGenAi(Path.Combine(folder, GenAiConfig.FileName), decoder)
        : OfManifest(Path.Combine(folder, ModelManifest.FileName), decoder.NumHiddenLayers, manifest.Layers);

    /// <summary>
    /// Room beyond the window on the CPU. ONNX Runtime's product of weights and values adds up in blocks of 128 positions and more for narrow heads,
    /// counted from the oldest one kept. If whole blocks are dropped, the sums do not depend, to the last bit, on where a prompt was cut; and a sequence can go back
    /// some tokens. Windows much smaller than a block keep exactly the window.
    /// </summary>
    public static int Slack(int window, int headDim)
    {
        const int Block = 128;
        int together = Block;
        for (int width = Block; width / 2 >= headDim && width > 16; width /= 2) together *= 2;
        return together <= 2L * window ? together - 1 : 0;
    }

    /// <summary>Room beyond every window that the kernels' attention wants, for the same reason; null where it does not run.</summary>
    public static int? SlackOf(KernelReport? kernels) => kernels is { Attends: true } ? KernelReport.KeyBlock - 1 : null;

    private static int?[] OfManifest(string file, int count, IReadOnlyList<LayerCache> layers)
    {
        if (layers.Count != count) throw new ModelException(file, $"layers has {layers.Count} entries", $"{count}, the number of layers in {GenAiConfig.FileName}");
        int?[] windows = new int?[count];
        for (int layer = 0; layer < count; layer++)
        {
            if (layers[layer].Kind == LayerCacheKind.Window) windows[layer] = Checked(file, $"layers[{layer}].window", layers[layer].Window);
        }

        return windows;
    }

    private static int?[] OfGenAi(string file, GenAiDecoder decoder)
    {
        int?[] windows = new int?[Math.Max(decoder.NumHiddenLayers, 0)];
        if (decoder.SlidingWindow is not { SlideKeyValueCache: false } sliding) return windows;
        int? window = Checked(file, "model.decoder.sliding_window.window_size", sliding.WindowSize);
        foreach (int layer in sliding.Layers ?? [.. Enumerable.Range(0, windows.Length)])
        {
            if ((uint)layer >= (uint)windows.Length)
            {
                throw new ModelException(file, $"model.decoder.sliding_window.layers has {layer}", $"0 to {windows.Length - 1}, the model's layers");
            }

            windows[layer] = window;
        }

        return windows;
    }

    private static int? Checked(string file, string key, int? window) => window is >= 1 and <= Longest
        ? window
        : throw new ModelException(file, $"{key} is {(window is null ? "not there" : window)}", $"1 to {Longest} tokens");
}
