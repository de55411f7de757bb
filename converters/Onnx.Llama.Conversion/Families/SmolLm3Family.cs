using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// SmolLM3: Llama without positions in every fourth layer (NoPE, arXiv:2305.19466). Reference: transformers, models/smollm3/modeling_smollm3.py.
/// </summary>
internal static class SmolLm3Family
{
    private const string LayersKey = "no_rope_layers";

    public static readonly ModelFamily Family = new("smollm3", "SmolLM3", config =>
    {
        DecoderSpec llama = LlamaFamily.Describe(config, new ConfigDefaults { Positions = 32768, Theta = 2e6, KvHeads = 4, TiedHead = true });
        bool[] rotated = Rotated(config, llama.Layers);
        return Qwen2Family.WithWindows(llama with { GenAiType = "smollm3" }, config).WithRope((layer, index) => rotated[index] ? layer.Rope : null);
    });

    /// <summary>1 where a layer is rotated; the interval, where the list is absent.</summary>
    private static bool[] Rotated(HfConfig config, int layers)
    {
        int interval = config.Size("no_rope_layer_interval", 4);
        bool[] periodic = [.. Enumerable.Range(1, layers).Select(layer => layer % interval != 0)];
        IReadOnlyList<int> stated = config.Ids(LayersKey);
        if (stated.Count == 0) return periodic;
        bool[] rotated = [.. stated.Select(flag => flag != 0)];
        bool fits = rotated.Length == layers && stated.All(flag => flag is 0 or 1);
        if (fits && (!config.Has("no_rope_layer_interval") || rotated.SequenceEqual(periodic))) return rotated;
        throw config.Refuse(
            LayersKey, $"a 0 or 1 for each of the {layers} layers, as no_rope_layer_interval ({interval}) gives them", "Check the two settings.");
    }
}
