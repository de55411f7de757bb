namespace Onnx.Llama.Kernels.Norms;

/// <summary>One row of a call: float32 [width] each, null where the call has none.</summary>
internal readonly unsafe struct NormRow(in NormCall call, int row)
{
    public float* Input { get; } = call.Input + ((long)row * call.Width);

    public float* Skip { get; } = Of(call.Skip, call.SkipRows > 0 ? row % call.SkipRows : row, call.Width);

    public float* Output { get; } = call.Output + ((long)row * call.Width);

    public float* Sum { get; } = Of(call.Sum, row, call.Width);

    /// <summary>Where the sum stands between the two passes.</summary>
    public float* Between => Skip == null ? Input : Sum == null ? Output : Sum;

    private static float* Of(float* rows, int row, int width) => rows == null ? null : rows + ((long)row * width);
}
