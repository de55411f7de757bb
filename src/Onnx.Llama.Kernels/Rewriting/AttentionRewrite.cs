using Onnx.Llama.Graph.Proto;
using Onnx.Llama.Kernels.Operators;

namespace Onnx.Llama.Kernels.Rewriting;

/// <summary>GroupQueryAttention becomes <see cref="AttentionOperator"/>, in all layers or in none: the decoder's caches are of one kind.</summary>
internal static class AttentionRewrite
{
    private const string Type = "GroupQueryAttention";
    private const int SinkInput = 11;

    private const int NeededInputs = 7;

    /// <summary>Inputs that are not computed here: position ids, a bias of scores, and from 12 on scales of quantised caches and norms.</summary>
    private const int FirstUnknownInput = 9;

    /// <summary>Attributes that are, or that say nothing at these values.</summary>
    private static readonly Dictionary<string, long?> s_attributes = new(StringComparer.Ordinal)
    {
        ["num_heads"] = null,
        ["kv_num_heads"] = null,
        ["scale"] = null,
        ["softcap"] = null,
        ["local_window_size"] = null,
        ["sliding_window_cache"] = null,
        ["do_rotary"] = null,
        ["rotary_interleaved"] = null,
        ["smooth_softmax"] = null,
        ["qk_output"] = 0,
        ["causal"] = 1,
    };

    /// <summary>Whether it was done.</summary>
    public static bool Apply(RewriteContext context)
    {
        NodeProto[] nodes = [.. context.Graph.Nodes.Where(node => node.IsMicrosoft(Type))];
        if (nodes.Length == 0 || !nodes.All(IsKnown)) return false;
        foreach (NodeProto node in nodes) context.Graph.Replace(Create(node), node);
        return true;
    }

    private static bool IsKnown(NodeProto node)
    {
        bool attributes = node.Attribute.All(attribute => s_attributes.TryGetValue(attribute.Name, out long? value) && (value is null || attribute.I == value));
        bool inputs = !Enumerable.Range(FirstUnknownInput, Math.Max(0, node.Input.Count - FirstUnknownInput)).Any(i => i != SinkInput && node.Input[i].Length > 0);
        bool outputs = node.Output.Count == 3 && node.Output.All(output => output.Length > 0);
        bool needed = Enumerable.Range(0, NeededInputs).All(i => node.InputOr(i).Length > 0 || i is 1 or 2);
        return attributes && inputs && outputs && needed;
    }

    private static NodeProto Create(NodeProto node)
    {
        bool rotates = node.Integer("do_rotary") != 0;
        string[] inputs =
        [
            node.Input[0], node.InputOr(1), node.InputOr(2), node.Input[3], node.Input[4], node.Input[5], node.Input[6],
            rotates ? node.InputOr(7) : "", rotates ? node.InputOr(8) : "", node.InputOr(SinkInput),
        ];
        return NodeWriting.Create(AttentionOperator.OperatorName, node, inputs[..(Array.FindLastIndex(inputs, input => input.Length > 0) + 1)], node.Output)
            .With(AttentionOperator.Heads, node.Integer("num_heads"))
            .With(AttentionOperator.KvHeads, node.Integer("kv_num_heads"))
            .With(AttentionOperator.Scale, node.Single("scale"))
            .With(AttentionOperator.SoftCap, node.Single("softcap"))
            .With(AttentionOperator.Window, node.Integer("local_window_size", -1))
            .With(AttentionOperator.Slides, node.Integer("sliding_window_cache"))
            .With(AttentionOperator.Interleaved, node.Integer("rotary_interleaved"))
            .With(AttentionOperator.Smooth, node.Integer("smooth_softmax") == 1 ? 1 : 0);
    }
}
