using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>A layer: attention and feed-forward network, one after the other or side by side, with the norms that the family has.</summary>
internal static class LayerBlock
{
    /// <summary>
    /// <code>
    /// h ─┬─> [norm] ─> attention ─> [norm] ─> [scale] ─> + ─┬─> [norm] ─> feed-forward ─> [norm] ─> [scale] ─> + ─> h
    ///    └────────────────────────────────────────────────^ └─────────────────────────────────────────────────^
    ///
    /// h ─┬─> norm ─┬─> attention ─────> + ─> + ─> h                                     (parallel)
    ///    │         └─> feed-forward ──^      │
    ///    └──────────────────────────────────^
    /// </code>
    /// </summary>
    public static ResidualStream Emit(GraphScope scope, int layer, ResidualStream stream, AttentionInputs inputs)
    {
        DecoderSpec spec = scope.Spec;
        WeightMap map = spec.Weights;
        string path = FormattableString.Invariant($"/model/layers.{layer}");
        (string attentionInput, stream) = Before(map.NormBeforeAttention, "input_layernorm", stream);
        string attended = Attention(scope, layer, attentionInput, inputs);
        if (spec.ParallelResidual)
        {
            string fed = FeedForward(scope, layer, attentionInput);
            string both = scope.Graph.Node($"{path}/parallel/Add", OpNames.Add, [attended, fed]);
            return stream with { Branch = Scaled($"{path}/residual", both) };
        }

        stream = stream with { Branch = After(map.NormAfterAttention, "post_attention", attended) };
        (string feedForwardInput, stream) = Before(map.NormBeforeFeedForward, "post_attention_layernorm", stream);
        return stream with { Branch = After(map.NormAfterFeedForward, "post_feedforward", FeedForward(scope, layer, feedForwardInput)) };

        (string, ResidualStream) Before(string? norm, string node, ResidualStream before)
        {
            if (norm is not null) return NormBlock.Emit(scope, $"{path}/{node}", WeightNames.Layer(layer, norm), before);
            ResidualStream sum = before.Sum(scope, $"{path}/{node}");
            return (sum.Residual, sum);
        }

        string After(string? norm, string node, string branch) => Scaled(
            $"{path}/{node}_branch", norm is null ? branch : NormBlock.Emit(scope, $"{path}/{node}_branch", WeightNames.Layer(layer, norm), branch));

        string Scaled(string node, string branch) =>
            spec.ResidualScale == 1 ? branch : scope.Graph.Node($"{node}/Mul", OpNames.Mul, [branch, scope.Scalar(spec.ResidualScale)]);
    }

    private static string Attention(GraphScope scope, int layer, string x, AttentionInputs inputs) =>
        scope.Spec.Latent is { } latent ? LatentAttentionBlock.Emit(scope, layer, x, inputs, latent) : AttentionBlock.Emit(scope, layer, x, inputs);

    private static string FeedForward(GraphScope scope, int layer, string x) =>
        scope.Spec.Experts?.InLayer[layer] == true ? ExpertsBlock.Emit(scope, layer, x) : FeedForwardBlock.Emit(scope, layer, x);
}
