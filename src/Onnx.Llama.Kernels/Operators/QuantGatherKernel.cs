using Onnx.Llama.Kernels.Native;
using Onnx.Llama.Kernels.Products;

namespace Onnx.Llama.Kernels.Operators;

/// <summary>A lookup of one node.</summary>
internal sealed unsafe class QuantGatherKernel(PackedWeights weights) : OperatorKernel
{
    public override void Compute(KernelContext context)
    {
        TensorView indices = context.Input(0);
        Span<long> shape = stackalloc long[TensorView.MostDimensions + 1];
        int rank = indices.CopyShape(shape);
        shape[rank] = weights.Shape.K;
        Lookup lookup = new() { Weights = weights, Indices = (long*)indices.Data, Output = (float*)context.Output(0, shape[..(rank + 1)]) };
        context.ParallelFor(ref lookup, checked((int)indices.Count));
    }

    private struct Lookup : IParallelJob
    {
        public PackedWeights Weights;
        public long* Indices;
        public float* Output;

        public readonly void Run(int part)
        {
            PackedMatrix shape = Weights.Shape;
            long index = Indices[part] < 0 ? Indices[part] + shape.N : Indices[part];
            if (index < 0 || index >= shape.N) throw new KernelException(QuantGatherOperator.OperatorName, $"index {Indices[part]}; expected {-shape.N} to {shape.N - 1}.");
            MatrixPacker.UnpackRow(Weights.Bytes, shape, Weights.Range, (int)index, new Span<float>(Output + ((long)part * shape.K), shape.K));
        }
    }
}
