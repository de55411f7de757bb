namespace Onnx.Llama;

/// <summary>Where a model runs.</summary>
public enum Provider
{
    /// <summary>The first that the folder, the package and the machine have, of CUDA, DirectML and CPU.</summary>
    Auto,

    /// <summary>The processor: package Microsoft.ML.OnnxRuntime, or any other.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU: package Microsoft.ML.OnnxRuntime.Gpu.</summary>
    Cuda,

    /// <summary>A GPU under Windows: package Microsoft.ML.OnnxRuntime.DirectML.</summary>
    DirectMl,
}
