using Onnx.Llama.Kernels.Native;

namespace Onnx.Llama.Kernels;

/// <summary>The kernels' operators in this process.</summary>
public static class KernelOperators
{
    /// <summary>
    /// Makes the operators known to ONNX Runtime, once. It changes a table of the process that every session reads while it opens, without a lock: so this is to
    /// be called before any other thread opens one.
    /// </summary>
    /// <exception cref="KernelException">This ONNX Runtime cannot be told.</exception>
    public static void Introduce() => OperatorDomain.Introduce();
}
