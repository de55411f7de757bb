using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>The whole graph: embedding, layers, head.</summary>
internal static class DecoderGraph
{
    public const string InputIds = "input_ids";
    public const string AttentionMask = "attention_mask";
    public const string Logits = "logits";

    /// <summary>The first position whose logits are wanted, int64 [1].</summary>
    public const string LogitsFrom = "logits_from";

    private const int Opset = 21;
    private const int IrVersion = 10;

    /// <summary>
    /// <code>
    /// input_ids ─> embedding ─> [ norm ─> attention ─> + norm ─> feed-forward ─> + ] x layers ─> norm ─> Slice ─> head ─> logits
    /// attention_mask ─> lengths, rotation ──────^
    /// </code>
    /// </summary>
    public static OnnxModel Emit(GraphScope scope)
    {
        GraphBuilder graph = scope.Graph;
        string ids = graph.Input(InputIds, ElementType.Int64, "batch_size", "sequence_length");
        string mask = graph.Input(AttentionMask, ElementType.Int64, "batch_size", "total_sequence_length");
        EmbeddingBlock embedding = new(scope);
        AttentionInputs inputs = AttentionInputs.Emit(scope, mask);
        string residual = embedding.EmitGather(ids);
        string? branch = null;
        for (int layer = 0; layer < scope.Spec.Layers; layer++)
        {
            (string attentionInput, residual) = Norm(layer, "input_layernorm");
            branch = AttentionBlock.Emit(scope, layer, attentionInput, inputs);
            (string feedForwardInput, residual) = Norm(layer, "post_attention_layernorm");
            branch = FeedForwardBlock.Emit(scope, layer, feedForwardInput);
        }

        (string final, _) = NormBlock.Emit(scope, "/model/norm", WeightNames.FinalNorm, residual, branch, last: true);
        embedding.EmitHead(final);
        return graph.Build(Opset, IrVersion, "onnx-llama");

        (string Normed, string Residual) Norm(int layer, string name) => NormBlock.Emit(
            scope, FormattableString.Invariant($"/model/layers.{layer}/{name}"), WeightNames.Layer(layer, $"{name}.weight"), residual, branch);
    }
}
