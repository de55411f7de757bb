using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;
using Onnx.Llama.Quantization;
using static Onnx.Llama.Graph.NodeAttribute;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>A mixture of experts (see <see cref="ExpertsSpec"/>): only the experts that a token chose are computed for it.</summary>
internal static class ExpertsBlock
{
    /// <summary>
    /// <code>
    /// x ─┬─> router ─> scores ─┐
    ///    ├───────────────────MoE (QMoE where weights are blocks) [─> Mul factor] ─┐
    ///    └─> shared expert [─> Mul Sigmoid(gate(x))] ───────────────────────────[Add]
    /// </code>
    /// Where only ONNX's own operators may stand, <see cref="StandardExperts"/> does what the operator does.
    /// </summary>
    /// <param name="scope">The graph.</param>
    /// <param name="layer">The layer's index.</param>
    /// <param name="x">[rows, positions, hidden].</param>
    /// <returns>[rows, positions, hidden].</returns>
    public static string Emit(GraphScope scope, int layer, string x)
    {
        string path = FormattableString.Invariant($"/model/layers.{layer}/moe");
        Routed routed = RouterBlock.Emit(scope, layer, $"{path}/router", x);
        string mixed = Mixture(scope, layer, path, x, routed);
        if (routed.Factor is { } factor) mixed = scope.Graph.Node($"{path}/Mul", OpNames.Mul, [mixed, factor]);
        return scope.Spec.Experts!.Shared is { } shared
            ? scope.Graph.Node($"{path}/Add", OpNames.Add, [mixed, Shared(scope, layer, path, x, shared)])
            : mixed;
    }

    private static string Mixture(GraphScope scope, int layer, string path, string x, Routed routed)
    {
        ExpertsSpec experts = scope.Spec.Experts!;
        BlockFormat? format = scope.Recipe.Layers is WeightFormat.Blocks blocks ? blocks.Fitting(scope.Spec.Hidden, experts.Width) : null;
        int width = format is { BlockSize: var size } ? RefusePartialBlocks(scope, size, experts.Width) : experts.Width;
        ExpertWeights weights = new(scope, layer, width);
        if (scope.Target.IsStandard) return StandardExperts.Emit(scope, path, x, routed, weights);
        return format is { } stored ? QuantizedMixture(scope, path, x, routed, weights, stored) : FloatMixture(scope, path, x, routed, weights);
    }

    private static string FloatMixture(GraphScope scope, string path, string x, Routed routed, ExpertWeights weights)
    {
        ExpertsSpec experts = scope.Spec.Experts!;
        ElementType type = ((WeightFormat.Floats)scope.Recipe.Layers).Type;
        Matrix gateUp = scope.StoreStacked(weights.GateUp(), type, experts.Count);
        Matrix down = scope.StoreStacked(weights.Down(), type, experts.Count);
        string[] inputs =
            [x, routed.Scores, scope.Computable(gateUp.Name, type), weights.GateUpBias(), scope.Computable(down.Name, type), weights.DownBias()];
        return scope.Graph.Node($"{path}/MoE", OpNames.MoE, Given(inputs), Attributes(experts));
    }

    private static string QuantizedMixture(GraphScope scope, string path, string x, Routed routed, ExpertWeights weights, BlockFormat format)
    {
        ExpertsSpec experts = scope.Spec.Experts!;
        Matrix gateUp = scope.StoreStacked(weights.GateUp(), format, experts.Count);
        Matrix down = scope.StoreStacked(weights.Down(), format, experts.Count);
        string[] inputs =
        [
            x, routed.Scores,
            gateUp.Name, scope.Computable(gateUp.Scales, gateUp.Type), weights.GateUpBias(),
            down.Name, scope.Computable(down.Scales, down.Type), weights.DownBias(),
            "", "", "", // a third matrix, which the activation's interleaved form has no use for
            gateUp.ZeroPoints, down.ZeroPoints,
        ];
        return scope.Graph.Node($"{path}/QMoE", OpNames.QMoE, Given(inputs), [.. Attributes(experts), .. Attributes(scope, format)]);
    }

    /// <summary>Inputs without those at the end that are absent.</summary>
    private static string[] Given(string[] inputs) => inputs[..(Array.FindLastIndex(inputs, input => input.Length > 0) + 1)];

    private static NodeAttribute[] Attributes(ExpertsSpec experts) =>
    [
        Int("k", experts.Chosen),
        Int("normalize_routing_weights", 1),
        Text("activation_type", "swiglu"),
        Int("swiglu_fusion", 1),
        Float("activation_alpha", experts.ClampedGate?.Alpha ?? 1),
        .. experts.ClampedGate is { } gate ? [Float("activation_beta", 1), Float("swiglu_limit", gate.Limit)] : Array.Empty<NodeAttribute>(),
    ];

    /// <summary>Blocks as they stand in the file, not laid out for one provider; accuracy level 4 is that of the other quantised products.</summary>
    private static NodeAttribute[] Attributes(GraphScope scope, BlockFormat format) =>
    [
        Int("expert_weight_bits", format.Bits),
        Int("block_size", format.BlockSize),
        Int("weights_prepacked", 0),
        Int("accuracy_level", scope.Target.IsGpu ? 0 : 4),
    ];

    /// <summary>The width of an expert in whole blocks; the stream's width cannot be padded.</summary>
    private static int RefusePartialBlocks(GraphScope scope, int block, int width)
    {
        int hidden = scope.Spec.Hidden;
        if (hidden % block == 0) return checked((width + block - 1) / block * block);
        throw new ConversionException(
            "config.json",
            FormattableString.Invariant($"'hidden_size' is {hidden}; expected a multiple of {block}, the block of quantised experts. ")
            + "Choose another --precision.");
    }

    private static string Shared(GraphScope scope, int layer, string path, string x, SharedExpert shared)
    {
        ExpertNames names = scope.Spec.Weights.Experts;
        string output = FeedForwardBlock.Emit(scope, layer, x, new FeedForwardNetwork(
            $"{path}/shared_expert",
            $"{names.Shared}.{names.Gate}",
            $"{names.Shared}.{names.Up}",
            $"{names.Shared}.{names.Down}",
            shared.Width,
            "the shared expert's width"));
        if (!shared.Gated) return output;
        string name = WeightNames.Layer(layer, WeightNames.Weight(names.SharedGate));
        string gate = scope.Floats(NormBlock.GraphName(name), scope.Weights.Matrix(name, 1, scope.Spec.Hidden, "1 x hidden_size"), 1, scope.Spec.Hidden);
        string score = scope.Product($"{path}/shared_expert_gate", x, new Matrix(gate, scope.Activations));
        string share = scope.Graph.Node($"{path}/shared_expert_gate/Sigmoid", OpNames.Sigmoid, [score]);
        return scope.Graph.Node($"{path}/shared_expert_gate/Mul", OpNames.Mul, [output, share]);
    }
}
