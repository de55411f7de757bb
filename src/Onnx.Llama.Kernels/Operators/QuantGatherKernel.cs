using Onnx.Llama.Kernels.Native;
using Onnx.Llama.Kernels.Products;

namespace Onnx.Llama.Kernels.Operators;

/// <summary>A lookup of one node.</summary>
internal sealed unsafe class QuantGatherKernel(PackedWeights weights) : OperatorKernel
{
    public override void Compute(KernelContext context)
    {
        GatherRows rows = GatherRows.Start(context, weights.Shape.N, weights.Shape.K);
        for (int i = 0; i < rows.Count; i++) MatrixPacker.UnpackRow(weights.Bytes, weights.Shape, weights.Range, rows.Index(i), rows.Row(i));
    }
}
