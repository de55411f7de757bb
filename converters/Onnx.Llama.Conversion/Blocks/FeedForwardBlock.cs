using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>
/// The feed-forward network: gated (GLU, arXiv:2002.05202), <c>down(f(gate(x)) * up(x))</c>, or plain, <c>down(f(up(x)))</c>.
/// </summary>
internal static class FeedForwardBlock
{
    /// <summary>The network of a layer without experts.</summary>
    /// <param name="scope">The graph.</param>
    /// <param name="layer">The layer's index.</param>
    /// <param name="x">[rows, positions, hidden].</param>
    /// <returns>[rows, positions, hidden].</returns>
    public static string Emit(GraphScope scope, int layer, string x)
    {
        WeightMap map = scope.Spec.Weights;
        string path = FormattableString.Invariant($"/model/layers.{layer}/mlp");
        return Emit(scope, layer, x, new FeedForwardNetwork(path, map.Gate, map.Up, map.Down, scope.Spec.FeedForward, "intermediate_size")
        {
            FusedGateUp = map.FusedGateUp,
            Bias = scope.Spec.FeedForwardBias,
        });
    }

    /// <summary>
    /// <code>
    /// x ─┬─> gate_proj ─> f ─┐
    ///    └─> up_proj ──────Mul ─> down_proj
    ///
    /// x ───> up_proj ─> f ─> down_proj
    /// </code>
    /// </summary>
    /// <param name="scope">The graph.</param>
    /// <param name="layer">The layer's index.</param>
    /// <param name="x">[rows, positions, hidden].</param>
    /// <param name="network">Names and width.</param>
    /// <returns>[rows, positions, hidden].</returns>
    public static string Emit(GraphScope scope, int layer, string x, FeedForwardNetwork network)
    {
        DecoderSpec spec = scope.Spec;
        (string path, int width, string key) = (network.Path, network.Width, network.WidthKey);
        string? gate = spec.Gated ? Projection(network.Gate, "gate_proj", first: 0) : null;
        string up = Projection(network.Up, "up_proj", first: width);
        string active = ActivationBlock.Emit(scope, layer, path, gate ?? up);
        string inner = gate is null ? active : scope.Graph.Node($"{path}/Mul", OpNames.Mul, [active, up]);
        return scope.Linear(
            $"{path}/down_proj",
            inner,
            scope.Weights.Matrix(Name(WeightNames.Weight(network.Down)), spec.Hidden, width, $"hidden_size x {key}"),
            network.Bias ? scope.Weights.Column(Name(WeightNames.Bias(network.Down)), spec.Hidden, "hidden_size") : null);

        string Projection(string stored, string name, int first)
        {
            if (network.FusedGateUp is not { } fused || !spec.Gated)
            {
                return scope.Linear(
                    $"{path}/{name}",
                    x,
                    scope.Weights.Matrix(Name(WeightNames.Weight(stored)), width, spec.Hidden, $"{key} x hidden_size"),
                    network.Bias ? scope.Weights.Column(Name(WeightNames.Bias(stored)), width, key) : null);
            }

            string why = $"gate and up, {key} each";
            return scope.Linear(
                $"{path}/{name}",
                x,
                new RowRange(scope.Weights.Matrix(Name(WeightNames.Weight(fused)), checked(2 * width), spec.Hidden, why), first, width),
                network.Bias ? new RowRange(scope.Weights.Column(Name(WeightNames.Bias(fused)), 2 * width, why), first, width) : null);
        }

        string Name(string part) => WeightNames.Layer(layer, part);
    }
}
