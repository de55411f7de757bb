using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Graph;
using static Onnx.Llama.Graph.NodeAttribute;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>
/// Attention by ONNX's own operator (Attention, opset 23), with caches that grow. Who may see what is a mask: a key's place in the cache is at most the
/// query's, within the window, and attention_mask has a 1 there.
/// </summary>
internal static class StandardAttention
{
    /// <summary>
    /// <code>
    /// q ─> heads ─────────────────────────────────────────────────┐
    /// k ─> heads ─> Concat(past key, ·) ─> present key ───────────┤
    /// v ─> heads ─> Concat(past value, ·) ─> present value ───────┴─> Attention(mask) ─> heads side by side
    /// </code>
    /// A head's score that attends to nothing is one more key and value of zeros, whose score is what the mask adds there.
    /// </summary>
    public static string Attend(GraphScope scope, int layer, string path, AttentionOperands operands, AttentionInputs inputs, float scale)
    {
        DecoderSpec spec = scope.Spec;
        int width = KvCache.Width(spec);
        string query = Heads(scope, $"{path}/query", operands.Query, spec.Heads, width);
        string key = Cached(scope, layer, path, "key", operands.Key, operands.KvHeads, width);
        string value = Cached(scope, layer, path, "value", operands.Value, operands.KvHeads, width);
        string mask = inputs.Masks[spec.Attention[layer].Window ?? 0];
        if (spec.AttentionSinks) (key, value, mask) = WithSinks(scope, layer, path, key, value, mask, operands.KvHeads, width);

        List<NodeAttribute> attributes = [Float("scale", scale)];
        if (spec.AttentionSoftcap is { } softcap) attributes.Add(Float("softcap", softcap));
        string attended = scope.Graph.Node($"{path}/Attention", OpNames.Attention, [query, key, value, mask], attributes.ToArray());
        string positions = scope.Graph.Node($"{path}/Attention/Transpose", OpNames.Transpose, [attended], Ints("perm", 0, 2, 1, 3));
        return scope.Graph.Node($"{path}/Attention/Join", OpNames.Reshape, [positions, scope.Int64s(0, 0, spec.Heads * width)]);
    }

    /// <summary>
    /// The masks of the layers, by window, 0 for none: bool [rows, 1, positions, total].
    /// <code>
    /// total ─> Range ─> places of keys ──────────────┬─> LessOrEqual ─┐
    /// total - new, new ─> Range ─> places of queries ┴─> Greater(query - window) ─ And ─ And ─> mask
    /// attention_mask ─> Cast ─> Reshape ─────────────────────────────────────────────────^
    /// </code>
    /// </summary>
    public static Dictionary<int, string> EmitMasks(GraphScope scope, string ids, string attentionMask, string total)
    {
        const string Path = "/model/mask";
        GraphBuilder graph = scope.Graph;
        string shape = graph.Node($"{Path}/Shape", OpNames.Shape, [ids]);
        string count = graph.Node($"{Path}/Gather", OpNames.Gather, [shape, scope.Int64(1)], Int("axis", 0));
        string first = graph.Node($"{Path}/Sub", OpNames.Sub, [total, count]);
        string keys = graph.Node($"{Path}/keys/Range", OpNames.Range, [scope.Int64(0), total, scope.Int64(1)]);
        string newest = graph.Node($"{Path}/queries/Range", OpNames.Range, [first, total, scope.Int64(1)]);
        string queries = graph.Node($"{Path}/queries/Reshape", OpNames.Reshape, [newest, scope.Int64s(-1, 1)]);
        string present = graph.Node($"{Path}/present/Cast", OpNames.Cast, [attentionMask], Int("to", (int)ElementType.Bool));
        string tokens = graph.Node($"{Path}/present/Unsqueeze", OpNames.Unsqueeze, [present, scope.Int64s(1, 2)]);
        string past = graph.Node($"{Path}/LessOrEqual", OpNames.LessOrEqual, [keys, queries]);
        string causal = graph.Node($"{Path}/And", OpNames.And, [past, tokens]);
        return scope.Spec.Attention.Select(layer => layer.Window ?? 0).Distinct().ToDictionary(window => window, window => window == 0 ? causal : Windowed(window));

        string Windowed(int window)
        {
            string path = FormattableString.Invariant($"{Path}/window_{window}");
            string before = graph.Node($"{path}/Sub", OpNames.Sub, [queries, scope.Int64(window)]);
            string inside = graph.Node($"{path}/Greater", OpNames.Greater, [keys, before]);
            return graph.Node($"{path}/And", OpNames.And, [causal, inside]);
        }
    }

    private static string Heads(GraphScope scope, string path, string x, int heads, int width)
    {
        string split = scope.Graph.Node($"{path}/Reshape", OpNames.Reshape, [x, scope.Int64s(0, 0, heads, width)]);
        return scope.Graph.Node($"{path}/Transpose", OpNames.Transpose, [split], Ints("perm", 0, 2, 1, 3));
    }

    private static string Cached(GraphScope scope, int layer, string path, string kind, string x, int kvHeads, int width)
    {
        (string past, string present) = KvCache.Input(scope, layer, kind, kvHeads, width);
        string heads = Heads(scope, $"{path}/{kind}", x, kvHeads, width);
        if (!scope.HasCache) return heads;
        scope.Graph.Node($"{path}/{kind}/Concat", OpNames.Concat, [past, heads], [present], Int("axis", 2));
        KvCache.Output(scope, layer, present, kvHeads, width);
        return present;
    }

    /// <summary>The mask becomes numbers, 0 where a key is seen and the least number where it is not, with the sinks behind.</summary>
    private static (string Key, string Value, string Mask) WithSinks(
        GraphScope scope, int layer, string path, string key, string value, string mask, int kvHeads, int width)
    {
        GraphBuilder graph = scope.Graph;
        string node = $"{path}/sinks";
        string batch = graph.Node($"{node}/Shape", OpNames.Shape, [key], Int("start", 0), Int("end", 1));
        string shape = graph.Node($"{node}/Concat", OpNames.Concat, [batch, scope.Int64s(kvHeads, 1, width)], Int("axis", 0));
        string zeros = graph.Node($"{node}/Expand", OpNames.Expand, [scope.Scalar(0), shape]);
        string numbers = graph.Node($"{node}/Where", OpNames.Where, [mask, scope.Scalar(0), scope.Scalar(float.MinValue)]);
        string sinks = graph.Node($"{node}/Reshape", OpNames.Reshape, [AttentionBlock.Sinks(scope, layer), scope.Int64s(1, -1, 1, 1)]);
        string heads = graph.Node($"{node}/mask/Add", OpNames.Add, [numbers, graph.Node($"{node}/mask/Mul", OpNames.Mul, [sinks, scope.Scalar(0)])]);
        string column = graph.Node($"{node}/column/Slice", OpNames.Slice, [heads, scope.Int64s(0), scope.Int64s(1), scope.Int64s(3)]);
        string scores = graph.Node($"{node}/column/Add", OpNames.Add, [graph.Node($"{node}/column/Mul", OpNames.Mul, [column, scope.Scalar(0)]), sinks]);
        return (
            graph.Node($"{node}/key/Concat", OpNames.Concat, [key, zeros], Int("axis", 2)),
            graph.Node($"{node}/value/Concat", OpNames.Concat, [value, zeros], Int("axis", 2)),
            graph.Node($"{node}/mask/Concat", OpNames.Concat, [heads, scores], Int("axis", 3)));
    }
}
