using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>
/// The feed-forward network: gated (GLU, arXiv:2002.05202), <c>down(f(gate(x)) * up(x))</c>, or plain, <c>down(f(up(x)))</c>.
/// </summary>
internal static class FeedForwardBlock
{
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
    /// <returns>[rows, positions, hidden].</returns>
    public static string Emit(GraphScope scope, int layer, string x)
    {
        DecoderSpec spec = scope.Spec;
        string path = FormattableString.Invariant($"/model/layers.{layer}/mlp");
        string? gate = spec.Gated ? Projection(spec.Weights.Gate, "gate_proj", x, first: 0) : null;
        string up = Projection(spec.Weights.Up, "up_proj", x, first: spec.FeedForward);
        string active = ActivationBlock.Emit(scope, layer, path, gate ?? up);
        string inner = gate is null ? active : scope.Graph.Node($"{path}/Mul", OpNames.Mul, [active, up]);
        string down = spec.Weights.Down;
        return scope.Linear(
            $"{path}/down_proj",
            inner,
            scope.Weights.Matrix(Name(WeightNames.Weight(down)), spec.Hidden, spec.FeedForward, "hidden_size x intermediate_size"),
            spec.FeedForwardBias ? scope.Weights.Column(Name(WeightNames.Bias(down)), spec.Hidden, "hidden_size") : null);

        string Projection(string stored, string name, string input, int first)
        {
            int rows = spec.FeedForward;
            if (spec.Weights.FusedGateUp is not { } fused || !spec.Gated)
            {
                return scope.Linear(
                    $"{path}/{name}",
                    input,
                    scope.Weights.Matrix(Name(WeightNames.Weight(stored)), rows, spec.Hidden, "intermediate_size x hidden_size"),
                    spec.FeedForwardBias ? scope.Weights.Column(Name(WeightNames.Bias(stored)), rows, "intermediate_size") : null);
            }

            const string Why = "gate and up, intermediate_size each";
            return scope.Linear(
                $"{path}/{name}",
                input,
                new RowRange(scope.Weights.Matrix(Name(WeightNames.Weight(fused)), checked(2 * rows), spec.Hidden, Why), first, rows),
                spec.FeedForwardBias ? new RowRange(scope.Weights.Column(Name(WeightNames.Bias(fused)), 2 * rows, Why), first, rows) : null);
        }

        string Name(string part) => WeightNames.Layer(layer, part);
    }
}
