using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Graph;
using static Onnx.Llama.Graph.NodeAttribute;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>What the attention of all layers shares: lengths from the mask, positions, the rotations' tables.</summary>
internal sealed record AttentionInputs
{
    private const string Path = "/model/attn_mask_reformat";

    /// <summary>How heads lie.</summary>
    public required HeadLayout Layout { get; init; }

    /// <summary>int32 [rows]: tokens of each row with the new ones, minus one, as GroupQueryAttention wants it.</summary>
    public string PastLengths { get; init; } = "";

    /// <summary>int32 scalar: the longest row's tokens, with the new ones.</summary>
    public string TotalLength { get; init; } = "";

    /// <summary>int64 [rows, positions], where the rotation is no part of the attention operator; else null.</summary>
    public string? Positions { get; init; }

    /// <summary>cos and sin of each rotation, [positions, width / 2].</summary>
    public required IReadOnlyDictionary<RopeConfig, (string Cos, string Sin)> Rotations { get; init; }

    /// <summary>Where the attention operator is ONNX's own: who may see what, by window, 0 for none; else empty.</summary>
    public IReadOnlyDictionary<int, string> Masks { get; init; } = new Dictionary<int, string>();

    /// <summary>
    /// <code>
    /// attention_mask ─┬─> ReduceSum ─> Sub 1 ─> Cast ─> lengths of the rows, minus one
    ///                 └─> Shape ─> Gather 1 ─> Cast ─> total length ─> rotations' tables
    /// </code>
    /// </summary>
    public static AttentionInputs Emit(GraphScope scope, string ids, string mask, HeadLayout layout)
    {
        GraphBuilder graph = scope.Graph;
        string shape = graph.Node($"{Path}/Shape", OpNames.Shape, [mask]);
        string total = graph.Node($"{Path}/Gather", OpNames.Gather, [shape, scope.Int64(1)], Int("axis", 0));
        if (scope.Target.IsStandard)
        {
            return new AttentionInputs
            {
                Layout = layout,
                Positions = EmitPositions(scope, ids, ""),
                Rotations = EmitRotations(scope, layout, total),
                Masks = StandardAttention.EmitMasks(scope, ids, mask, total),
            };
        }

        string sum = graph.Node($"{Path}/ReduceSum", OpNames.ReduceSum, [mask, scope.One], Int("keepdims", 0));
        string past = graph.Node($"{Path}/Sub", OpNames.Sub, [sum, scope.One]);
        return new AttentionInputs
        {
            Layout = layout,
            PastLengths = graph.Node($"{Path}/Sub/Cast", OpNames.Cast, [past], Int("to", (int)ElementType.Int32)),
            TotalLength = graph.Node($"{Path}/Gather/Cast", OpNames.Cast, [total], Int("to", (int)ElementType.Int32)),
            Positions = IsRotationInside(scope) ? null : EmitPositions(scope, ids, sum),
            Rotations = EmitRotations(scope, layout, total),
        };
    }

    /// <summary>Whether the attention operator rotates queries and keys itself: not where something stands between rotation and attention.</summary>
    public static bool IsRotationInside(GraphScope scope) =>
        !scope.Target.TakesPositions && scope.Spec is { HeadNorm: not { AfterRotation: true }, Latent: null };

    private static Dictionary<RopeConfig, (string Cos, string Sin)> EmitRotations(GraphScope scope, HeadLayout layout, string total)
    {
        Dictionary<RopeConfig, (string, string)> rotations = [];
        foreach (LayerAttention layer in scope.Spec.Attention)
        {
            if (layer.Rope is not { } rope || rotations.ContainsKey(rope)) continue;
            string suffix = rotations.Count == 0 ? "" : FormattableString.Invariant($".{rotations.Count}");
            rotations[rope] = RotaryTable.Emit(scope, rope, layout, total, suffix);
        }

        return rotations;
    }

    /// <summary>
    /// Where positions are no input: a row's new tokens are its last, but in a prompt that is padded at its end they begin at 0.
    /// <code>
    /// tokens of the rows ─> Sub new ─> Max 0 ─> Unsqueeze ─┐
    /// input_ids ─> Shape ─> Gather 1 ─> Range ────────────Add ─> positions
    /// </code>
    /// </summary>
    private static string EmitPositions(GraphScope scope, string ids, string tokens)
    {
        const string Positions = "/model/positions";
        GraphBuilder graph = scope.Graph;
        if (scope.Target.TakesPositions) return graph.Input(DecoderGraph.PositionIds, ElementType.Int64, "batch_size", "sequence_length");
        string shape = graph.Node($"{Positions}/Shape", OpNames.Shape, [ids]);
        string count = graph.Node($"{Positions}/Gather", OpNames.Gather, [shape, scope.Int64(1)], Int("axis", 0));
        string before = graph.Node($"{Positions}/Sub", OpNames.Sub, [tokens, count]);
        string first = graph.Node($"{Positions}/Max", OpNames.Max, [before, scope.Int64(0)]);
        string column = graph.Node($"{Positions}/Unsqueeze", OpNames.Unsqueeze, [first, scope.One]);
        string steps = graph.Node($"{Positions}/Range", OpNames.Range, [scope.Int64(0), count, scope.Int64(1)]);
        return graph.Node($"{Positions}/Add", OpNames.Add, [column, steps]);
    }
}
