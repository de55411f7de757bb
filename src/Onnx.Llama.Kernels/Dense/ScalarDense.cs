namespace Onnx.Llama.Kernels.Dense;

/// <summary>
/// The form that defines the product: even and odd columns are added up apart, in order, each with one rounding, and their sums added at the end.
/// </summary>
internal static unsafe class ScalarDense
{
    /// <inheritdoc cref="DenseKernel{TLanes, TVector, TWeights}.Range"/>
    public static void Range(ref DenseCall call, int first, int last)
    {
        DenseMatrix shape = call.Shape;
        float* results = stackalloc float[shape.Lanes];
        for (int group = first; group < last; group++)
        {
            byte* weights = call.Weights + (group * shape.GroupBytes);
            for (int row = 0; row < call.Rows; row++)
            {
                float* x = call.Input + ((long)row * shape.K);
                for (int lane = 0; lane < shape.Lanes; lane++)
                {
                    float even = 0;
                    float odd = 0;
                    for (int k = 0; k < shape.K; k++)
                    {
                        float weight = DensePacker.Element(weights, shape, call.Range, lane, k);
                        if ((k & 1) == 0) even = MathF.FusedMultiplyAdd(weight, x[k], even);
                        else odd = MathF.FusedMultiplyAdd(weight, x[k], odd);
                    }

                    results[lane] = even + odd;
                }

                call.Write(group, row, 1, results);
            }
        }
    }
}
