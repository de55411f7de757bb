using Onnx.Llama.Kernels.Native;

namespace Onnx.Llama.Kernels.Operators;

/// <summary>
/// Rows of a packed matrix as numbers: the embedding of tokens. Inputs: indices int64 [..], counted from the end where negative; weights uint8 [bytes],
/// <see cref="Products.PackedMatrix"/> of [N, K]. Output: float32 [.., K].
/// </summary>
internal sealed class QuantGatherOperator : CustomOperator
{
    public const string OperatorName = "QuantGather";

    public override string Name => OperatorName;

    public override IReadOnlyList<OperatorPort> Inputs { get; } = [new(PortType.Int64), new(PortType.UInt8)];

    public override IReadOnlyList<OperatorPort> Outputs { get; } = [new(PortType.Float)];

    public override OperatorKernel Create(KernelInfo info) => new QuantGatherKernel(PackedWeights.Read(info, 1));
}
