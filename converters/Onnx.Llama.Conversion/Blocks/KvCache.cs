using Onnx.Llama.Conversion.Families;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>
/// Inputs and outputs of a layer's cache, [rows, kvHeads, tokens, width]. A windowed layer's has as many tokens as the window at most. A graph that has no
/// caches has no such inputs, and the operator's keys and values stay inside.
/// </summary>
internal static class KvCache
{
    /// <summary>Width of a cached head: that of latent attention holds the compressed keys and values beside the rotated key.</summary>
    public static int Width(DecoderSpec spec) => (spec.Latent?.Rank ?? 0) + DecoderGraph.Layout(spec).Width;

    /// <summary>The input of what was, and the name of the output of what will be.</summary>
    public static (string Past, string Present) Input(GraphScope scope, int layer, string kind, int kvHeads, int width)
    {
        if (!scope.HasCache) return ("", FormattableString.Invariant($"/model/layers.{layer}/attn/{kind}"));
        string past = FormattableString.Invariant($"past_key_values.{layer}.{kind}");
        string tokens = IsWindowed(scope, layer) ? "past_sliding_length" : "past_sequence_length";
        scope.Graph.Input(past, scope.Activations, "batch_size", kvHeads, tokens, width);
        return (past, FormattableString.Invariant($"present.{layer}.{kind}"));
    }

    /// <summary>Makes the cache after this step an output.</summary>
    public static void Output(GraphScope scope, int layer, string present, int kvHeads, int width)
    {
        if (!scope.HasCache) return;
        string tokens = IsWindowed(scope, layer) ? "total_sliding_length" : "total_sequence_length";
        scope.Graph.Output(present, scope.Activations, "batch_size", kvHeads, tokens, width);
    }

    private static bool IsWindowed(GraphScope scope, int layer) => scope.Spec.Attention[layer].Window is not null;
}
