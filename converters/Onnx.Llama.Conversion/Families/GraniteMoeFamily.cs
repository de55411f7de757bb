using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// Granite 3 1B-A400M, 3B-A800M: Granite with experts, stored in one tensor of gates and ups and one of downs, weighted by the softmax over the chosen ones'
/// scores. Reference: transformers, models/granitemoe/modeling_granitemoe.py.
/// </summary>
internal static class GraniteMoeFamily
{
    public static readonly ModelFamily Family = new("granitemoe", "Granite 3 MoE", config =>
    {
        DecoderSpec granite = GraniteFamily.WithMultipliers(LlamaFamily.Describe(config), config);
        return granite with
        {
            GenAiType = "granite",
            FeedForwardBias = false,
            Experts = ExpertsFacts.Read(config, granite.Layers, granite.FeedForward, new Routing.Softmax(Normalized: true)),
            Weights = WeightMap.Llama with
            {
                Experts = new ExpertNames
                {
                    Router = "block_sparse_moe.router.layer",
                    Stacked = new StackedExperts("block_sparse_moe.input_linear.weight", "block_sparse_moe.output_linear.weight", InputsFirst: false),
                },
            },
        };
    });
}
