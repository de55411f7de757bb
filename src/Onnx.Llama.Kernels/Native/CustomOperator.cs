namespace Onnx.Llama.Kernels.Native;

/// <summary>An operator that ONNX Runtime is taught. One instance serves all sessions.</summary>
internal abstract class CustomOperator
{
    /// <summary>Its name in <see cref="OperatorDomain.Name"/>.</summary>
    public abstract string Name { get; }

    public abstract IReadOnlyList<OperatorPort> Inputs { get; }

    public abstract IReadOnlyList<OperatorPort> Outputs { get; }

    /// <summary>The kernel of one node.</summary>
    /// <exception cref="KernelException">The node's attributes or constants are wrong; opening the session fails with the message.</exception>
    public abstract OperatorKernel Create(KernelInfo info);
}
