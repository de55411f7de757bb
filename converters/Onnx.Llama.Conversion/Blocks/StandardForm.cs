using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Graph;
using static Onnx.Llama.Graph.NodeAttribute;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>What blocks emit where only ONNX's own operators may stand (opset 23). Attention has a file of its own, <see cref="StandardAttention"/>.</summary>
internal static class StandardForm
{
    /// <summary><c>x * matrix^T</c>: ONNX Runtime makes one operator of the two.</summary>
    public static string Product(GraphScope scope, string path, string x, Matrix matrix, string? output)
    {
        if (matrix.Blocks is not null)
        {
            throw new ConversionException(
                "--target", $"is {scope.Target.Name} with {scope.Recipe.Name} weights; expected fp32, fp16 or bf16: ONNX has no product with quantised blocks.");
        }

        string transposed = scope.Graph.Node($"{path}/Transpose", OpNames.Transpose, [scope.Computable(matrix.Name, matrix.Type)], Ints("perm", 1, 0));
        string node = $"{path}/MatMul";
        output ??= $"{node}/output_0";
        scope.Graph.Node(node, OpNames.MatMul, [x, transposed], [output]);
        return output;
    }

    /// <summary>The product with a matrix for each of the last but two axis, [heads, width, outputs] or transposed.</summary>
    public static string BatchedProduct(GraphScope scope, string path, string x, string matrices, bool isTransposed)
    {
        if (isTransposed) matrices = scope.Graph.Node($"{path}/matrices/Transpose", OpNames.Transpose, [matrices], Ints("perm", 0, 2, 1));
        return scope.Graph.Node($"{path}/MatMul", OpNames.MatMul, [x, matrices]);
    }

    /// <summary>The norm of any vector.</summary>
    public static string Norm(GraphScope scope, string node, string x, NormWeights weights, NormSpec norm) => scope.Graph.Node(
        node, norm.Centered ? OpNames.LayerNormalization : OpNames.RmsNormalization, [x, .. weights.Inputs],
        Int("axis", -1), Float("epsilon", norm.Epsilon));

    /// <summary>The sum, and its norm.</summary>
    public static (string Normed, ResidualStream Stream) AddedNorm(GraphScope scope, string path, ResidualStream stream, NormWeights weights, NormSpec norm)
    {
        ResidualStream sum = stream.Sum(scope, path);
        return (Norm(scope, $"{path}/LayerNorm", sum.Residual, weights, norm), sum);
    }

    /// <summary>Rotates heads as wide as the tables say; x is [rows, positions, heads * width].</summary>
    public static string Rotated(GraphScope scope, string path, string x, string positions, (string Cos, string Sin) tables, int heads) => scope.Graph.Node(
        $"{path}/RotaryEmbedding", OpNames.StandardRotaryEmbedding, [x, tables.Cos, tables.Sin, positions], Int("interleaved", 0), Int("num_heads", heads));
}
