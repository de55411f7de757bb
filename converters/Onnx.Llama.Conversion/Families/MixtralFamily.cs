using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// Mixtral 8x7B, 8x22B (arXiv:2401.04088): Mistral with experts in every layer, weighted by the softmax over the chosen ones' scores.
/// Reference: transformers, models/mixtral/modeling_mixtral.py.
/// </summary>
internal static class MixtralFamily
{
    /// <summary>w1 is the gate, w2 leads back, w3 is up.</summary>
    public static ExpertNames Names { get; } = new()
    {
        Router = "block_sparse_moe.gate",
        Each = "block_sparse_moe.experts",
        Gate = "w1",
        Up = "w3",
        Down = "w2",
    };

    public static readonly ModelFamily Family = new("mixtral", "Mixtral 8x7B, 8x22B", config =>
    {
        DecoderSpec mistral = MistralFamily.Describe(config);
        return mistral with
        {
            Experts = ExpertsFacts.Read(config, mistral.Layers, mistral.FeedForward, new Routing.Softmax(Normalized: true)),
            Weights = WeightMap.Llama with { Experts = Names },
        };
    });
}
