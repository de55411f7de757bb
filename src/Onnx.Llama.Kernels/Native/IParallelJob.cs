namespace Onnx.Llama.Kernels.Native;

/// <summary>Work in parts that do not depend on each other. A job lives on its caller's stack while its parts run.</summary>
internal interface IParallelJob
{
    /// <summary>Does one part.</summary>
    public void Run(int part);
}
