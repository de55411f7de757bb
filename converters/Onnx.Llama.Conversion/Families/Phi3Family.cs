using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// Phi 3, 3.5, 4 (arXiv:2404.14219, 2412.08905): Llama with fused projections, a window, LongRoPE in the long variants, and in Phi 4 mini a part of each
/// head rotated. Reference: transformers, models/phi3/modeling_phi3.py.
/// </summary>
internal static class Phi3Family
{
    public static readonly ModelFamily Family = new("phi3", "Phi 3, 3.5, 4", config =>
    {
        // Also the variants that are not stretched state it; RoPE reads it where it counts.
        _ = config.OptionalSize("original_max_position_embeddings");
        DecoderSpec llama = DecoderFacts.Read(config, new ConfigDefaults { Positions = 4096, Norm = new NormSpec(1e-5f) });
        return (llama with
        {
            GenAiType = "phi3",
            Weights = WeightMap.Llama with { FusedQkv = "self_attn.qkv_proj", FusedGateUp = "mlp.gate_up_proj" },
        }).WithWindow(Window(config, llama.ContextLength));
    });

    /// <summary>The long variants state a window of twice their context, which no query ever reaches.</summary>
    public static int? Window(HfConfig config, int contextLength) =>
        config.OptionalSize("sliding_window") is { } window && window < contextLength ? window : null;
}
