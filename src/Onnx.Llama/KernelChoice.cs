namespace Onnx.Llama;

/// <summary>What computes a model on the CPU.</summary>
public enum KernelChoice
{
    /// <summary>The kernels of this library where they know an operator, ONNX Runtime's own for the rest.</summary>
    Auto,

    /// <summary>ONNX Runtime's own operators alone.</summary>
    Stock,
}
