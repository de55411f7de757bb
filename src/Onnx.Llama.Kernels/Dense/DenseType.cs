namespace Onnx.Llama.Kernels.Dense;

/// <summary>Element types of weights that are not quantised, with ONNX's numbers.</summary>
internal enum DenseType
{
    Float32 = 1,
    Float16 = 10,
    BFloat16 = 16,
}
