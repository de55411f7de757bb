namespace Onnx.Llama.Kernels.Products;

/// <summary>Writes what a tile's products came to.</summary>
internal static unsafe class ProductOutput
{
    /// <summary>Writes the outputs of a group of rows of the matrix for a tile of activations.</summary>
    /// <param name="call">The product.</param>
    /// <param name="group">Which group.</param>
    /// <param name="tile">Which tile.</param>
    /// <param name="results">float32 [matrices, 4, lanes]; where gated, the gate's first.</param>
    /// <param name="lanes">Rows of a group.</param>
    public static void Write(ref ProductCall call, int group, int tile, float* results, int lanes)
    {
        int rows = call.Tiles.RowsOf(tile);
        int first = group * lanes;
        int count = Math.Min(lanes, call.Shape.N - first);
        if (call.Gate != Gate.None) Gates.Apply(call.Form, call.Gate, results, results + (ActivationTiles.Height * lanes), rows * lanes);
        for (int row = 0; row < rows; row++)
        {
            float* to = call.Output + (((long)(tile * ActivationTiles.Height) + row) * call.Shape.N) + first;
            new ReadOnlySpan<float>(results + (row * lanes), count).CopyTo(new Span<float>(to, count));
        }
    }
}
