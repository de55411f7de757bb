using Onnx.Llama.Kernels.Native;

namespace Onnx.Llama.Kernels.Operators;

/// <summary>
/// y = x * W^T, or y = f(x * G^T) * (x * U^T): MatMulNBits, or two of them and the gate between, over packed weights.
/// Inputs: x float32 [.., K]; weights uint8 [bytes], <see cref="Products.PackedMatrix"/>. Output: float32 [.., N].
/// </summary>
internal sealed class QuantProductOperator : CustomOperator
{
    public const string OperatorName = "QuantProduct";

    public override string Name => OperatorName;

    public override IReadOnlyList<OperatorPort> Inputs { get; } = [new(PortType.Float), new(PortType.UInt8)];

    public override IReadOnlyList<OperatorPort> Outputs { get; } = [new(PortType.Float)];

    public override OperatorKernel Create(KernelInfo info) => new QuantProductKernel(PackedWeights.Read(info, 1), GateNames.Parse(info.Text(ProductAttributes.Gate)));
}
