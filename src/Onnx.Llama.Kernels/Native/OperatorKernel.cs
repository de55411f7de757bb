namespace Onnx.Llama.Kernels.Native;

/// <summary>One node of a session.</summary>
internal abstract class OperatorKernel
{
    /// <summary>Runs it. One call at a time for each run of the session; runs of a session may overlap.</summary>
    /// <exception cref="KernelException">The inputs do not fit; the run fails with the message.</exception>
    public abstract void Compute(KernelContext context);
}
