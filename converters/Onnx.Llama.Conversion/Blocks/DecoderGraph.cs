using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Heads;
using Onnx.Llama.Graph;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>The whole graph: embedding, layers, head.</summary>
internal static class DecoderGraph
{
    public const string InputIds = "input_ids";
    public const string AttentionMask = "attention_mask";
    public const string PositionIds = "position_ids";
    public const string Logits = "logits";

    /// <summary>The first position whose logits are wanted, int64 [1].</summary>
    public const string LogitsFrom = "logits_from";

    private const int Opset = 21;
    private const int IrVersion = 10;
    private const int StandardOpset = 23;
    private const int StandardIrVersion = 11;

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
        EmbeddingBlock embedding = new(scope, hasHead: scope.Head is ModelHead.Text);
        AttentionInputs inputs = AttentionInputs.Emit(scope, ids, mask, Layout(scope.Spec));
        ResidualStream stream = new(embedding.EmitGather(ids));
        for (int layer = 0; layer < scope.Spec.Layers; layer++) stream = LayerBlock.Emit(scope, layer, stream, inputs);
        (string final, _) = NormBlock.Emit(scope, "/model/norm", scope.Spec.Weights.FinalNorm, stream, last: true);
        switch (scope.Head)
        {
            case ModelHead.Classify classify:
                HeadBlock.EmitScores(scope, final, mask, classify);
                break;
            case ModelHead.Embed embed:
                HeadBlock.EmitEmbedding(scope, final, mask, embed);
                break;
            default:
                embedding.EmitHead(final);
                break;
        }

        return scope.Target.IsStandard
            ? graph.Build(StandardOpset, StandardIrVersion, "onnx-llama")
            : graph.Build(Opset, IrVersion, "onnx-llama");
    }

    /// <summary>How heads lie in the graphs of a decoder; with latent attention, how their rotated part lies.</summary>
    public static HeadLayout Layout(DecoderSpec spec)
    {
        if (spec.Latent is { RotaryDim: var rotary }) return new HeadLayout(rotary, rotary, spec.RotaryInterleaved);
        double share = spec.Attention.FirstOrDefault(layer => layer.Rope is not null)?.Rope!.PartialRotaryFactor ?? 0;
        return new HeadLayout(spec.HeadDim, rotated: (int)(spec.HeadDim * share), spec.RotaryInterleaved);
    }
}
