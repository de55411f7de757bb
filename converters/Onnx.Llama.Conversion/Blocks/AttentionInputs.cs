using Onnx.Llama.Graph;
using static Onnx.Llama.Graph.NodeAttribute;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>What the attention of all layers shares: lengths from the mask, the rotation's tables, shapes of padded heads.</summary>
internal sealed record AttentionInputs
{
    /// <summary>How heads lie.</summary>
    public required HeadLayout Layout { get; init; }

    /// <summary>int32 [rows]: tokens of each row with the new ones, minus one, as GroupQueryAttention wants it.</summary>
    public required string PastLengths { get; init; }

    /// <summary>int32 scalar: the longest row's tokens, with the new ones.</summary>
    public required string TotalLength { get; init; }

    /// <summary>[positions, width / 2].</summary>
    public required string Cos { get; init; }

    /// <summary>[positions, width / 2].</summary>
    public required string Sin { get; init; }

    /// <summary>Where heads are padded: the shape [0, 0, heads, width].</summary>
    public string? PaddedHeads { get; init; }

    /// <summary>Where heads are padded: the shape [0, 0, heads * headDim].</summary>
    public string? JoinedHeads { get; init; }

    /// <summary>Where heads are padded: [0].</summary>
    public string? Zero { get; init; }

    /// <summary>Where heads are padded: [headDim].</summary>
    public string? HeadDim { get; init; }

    /// <summary>Where heads are padded: [3].</summary>
    public string? LastAxis { get; init; }

    /// <summary>
    /// <code>
    /// attention_mask ─┬─> ReduceSum ─> Sub 1 ─> Cast ─> lengths of the rows, minus one
    ///                 └─> Shape ─> Gather 1 ─> Cast ─> total length ─> rotation's tables
    /// </code>
    /// </summary>
    public static AttentionInputs Emit(GraphScope scope, string mask)
    {
        GraphBuilder graph = scope.Graph;
        const string Path = "/model/attn_mask_reformat";
        string sum = graph.Node($"{Path}/ReduceSum", OpNames.ReduceSum, [mask, scope.One], Int("keepdims", 0));
        string past = graph.Node($"{Path}/Sub", OpNames.Sub, [sum, scope.One]);
        string shape = graph.Node($"{Path}/Shape", OpNames.Shape, [mask]);
        string total = graph.Node($"{Path}/Gather", OpNames.Gather, [shape, graph.Int64("/model/constants/INT64/1", 1)], Int("axis", 0));
        HeadLayout layout = new(scope.Spec.HeadDim);
        (string cos, string sin) = RotaryTable.Emit(scope, layout, total);
        AttentionInputs inputs = new()
        {
            Layout = layout,
            PastLengths = graph.Node($"{Path}/Sub/Cast", OpNames.Cast, [past], Int("to", (int)ElementType.Int32)),
            TotalLength = graph.Node($"{Path}/Gather/Cast", OpNames.Cast, [total], Int("to", (int)ElementType.Int32)),
            Cos = cos,
            Sin = sin,
        };
        return layout.IsPlain ? inputs : inputs with
        {
            PaddedHeads = graph.Int64s("/model/constants/padded_heads", 0, 0, scope.Spec.Heads, layout.Width),
            JoinedHeads = graph.Int64s("/model/constants/joined_heads", 0, 0, scope.Spec.Heads * layout.HeadDim),
            Zero = graph.Int64s("/model/constants/head_begin", 0),
            HeadDim = graph.Int64s("/model/constants/head_end", layout.HeadDim),
            LastAxis = graph.Int64s("/model/constants/head_axis", 3),
        };
    }
}
