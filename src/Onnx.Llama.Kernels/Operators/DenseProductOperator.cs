using Onnx.Llama.Kernels.Native;

namespace Onnx.Llama.Kernels.Operators;

/// <summary>
/// y = x * W^T over weights of 16 or 32 bits. Inputs: x float32 [.., K]; weights uint8 [bytes], <see cref="Dense.DenseMatrix"/>. Output: float32 [.., N].
/// </summary>
internal sealed class DenseProductOperator : CustomOperator
{
    public const string OperatorName = "DenseProduct";

    public override string Name => OperatorName;

    public override IReadOnlyList<OperatorPort> Inputs { get; } = [new(PortType.Float), new(PortType.UInt8)];

    public override IReadOnlyList<OperatorPort> Outputs { get; } = [new(PortType.Float)];

    public override OperatorKernel Create(KernelInfo info) => new DenseProductKernel(DenseWeightsInput.Read(info, 1));
}
