using Onnx.Llama.Graph;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>The residual stream between two blocks. Sum and norm are one operator where a norm follows, so the sum is put off until it is known what follows.</summary>
/// <param name="Residual">[rows, positions, hidden].</param>
/// <param name="Branch">What is still to be added; null where nothing is.</param>
internal sealed record ResidualStream(string Residual, string? Branch = null)
{
    /// <summary>The stream's value.</summary>
    public ResidualStream Sum(GraphScope scope, string path) =>
        Branch is null ? this : new ResidualStream(scope.Graph.Node($"{path}/Add", OpNames.Add, [Residual, Branch]));
}
