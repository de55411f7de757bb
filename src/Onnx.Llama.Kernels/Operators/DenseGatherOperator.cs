using Onnx.Llama.Kernels.Dense;
using Onnx.Llama.Kernels.Native;

namespace Onnx.Llama.Kernels.Operators;

/// <summary>
/// Rows of a packed matrix of 16 or 32 bits as float32: the embedding of tokens. Inputs: indices int64 [..], counted from the end where negative; weights uint8
/// [bytes], <see cref="DenseMatrix"/> of [N, K]. Output: float32 [.., K].
/// </summary>
internal sealed class DenseGatherOperator : CustomOperator
{
    public const string OperatorName = "DenseGather";

    public override string Name => OperatorName;

    public override IReadOnlyList<OperatorPort> Inputs { get; } = [new(PortType.Int64), new(PortType.UInt8)];

    public override IReadOnlyList<OperatorPort> Outputs { get; } = [new(PortType.Float)];

    public override OperatorKernel Create(KernelInfo info) => new DenseGatherKernel(DenseWeightsInput.Read(info, 1));

    private sealed unsafe class DenseGatherKernel(DenseWeightsInput weights) : OperatorKernel
    {
        public override void Compute(KernelContext context)
        {
            DenseMatrix shape = weights.Shape;
            GatherRows rows = GatherRows.Start(context, shape.N, shape.K);
            for (int i = 0; i < rows.Count; i++)
            {
                (int group, int lane) = Math.DivRem(rows.Index(i), shape.Lanes);
                Span<float> row = rows.Row(i);
                for (int k = 0; k < shape.K; k++) row[k] = DensePacker.Element(weights.Bytes + (group * shape.GroupBytes), shape, weights.Range, lane, k);
            }
        }
    }
}
