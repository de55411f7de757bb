using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;
using static Onnx.Llama.Graph.NodeAttribute;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>The gated feed-forward network (SwiGLU, arXiv:2002.05202): <c>down_proj(silu(gate_proj(x)) * up_proj(x))</c>.</summary>
internal static class FeedForwardBlock
{
    /// <summary>
    /// <code>
    /// x ─┬─> gate_proj ─> QuickGelu(alpha 1) ─┐
    ///    └─> up_proj ─────────────────────> Mul ─> down_proj
    /// </code>
    /// </summary>
    /// <param name="scope">The graph.</param>
    /// <param name="layer">The layer's index.</param>
    /// <param name="x">[rows, positions, hidden].</param>
    /// <returns>[rows, positions, hidden].</returns>
    public static string Emit(GraphScope scope, int layer, string x)
    {
        DecoderSpec spec = scope.Spec;
        string path = FormattableString.Invariant($"/model/layers.{layer}/mlp");
        string gate = Projection("gate_proj", x, spec.FeedForward, spec.Hidden, "intermediate_size x hidden_size");
        string up = Projection("up_proj", x, spec.FeedForward, spec.Hidden, "intermediate_size x hidden_size");
        string silu = scope.Graph.Node($"{path}/act_fn/QuickGelu", OpNames.QuickGelu, [gate], Float("alpha", 1));
        string gated = scope.Graph.Node($"{path}/Mul", OpNames.Mul, [silu, up]);
        return Projection("down_proj", gated, spec.Hidden, spec.FeedForward, "hidden_size x intermediate_size");

        string Projection(string name, string input, int rows, int columns, string why)
        {
            RowSource weight = scope.Weights.Matrix(WeightNames.Layer(layer, $"mlp.{name}.weight"), rows, columns, why);
            RowSource? bias = spec.FeedForwardBias ? scope.Weights.Column(WeightNames.Layer(layer, $"mlp.{name}.bias"), rows, "mlp_bias") : null;
            return scope.Linear($"{path}/{name}", input, weight, bias);
        }
    }
}
