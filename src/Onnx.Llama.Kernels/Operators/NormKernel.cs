using Onnx.Llama.Kernels.Forms;
using Onnx.Llama.Kernels.Native;
using Onnx.Llama.Kernels.Norms;

namespace Onnx.Llama.Kernels.Operators;

/// <summary>A norm of one node.</summary>
internal sealed unsafe class NormKernel(float epsilon, bool isCentered) : OperatorKernel
{
    public override void Compute(KernelContext context)
    {
        TensorView x = context.Input(0);
        if (x.Rank < 1 || x[-1] is < 1 or > int.MaxValue) throw new KernelException(NormOperator.OperatorName, $"x is {x}; expected [.., width].");
        int width = (int)x[-1];
        Span<long> shape = stackalloc long[TensorView.MostDimensions];
        shape = shape[..x.CopyShape(shape)];
        Norm norm = new()
        {
            Call = new NormCall
            {
                Form = Processor.Current,
                Rows = checked((int)(x.Count / width)),
                Width = width,
                Centered = isCentered,
                Epsilon = epsilon,
                Input = (float*)x.Data,
                Skip = Read(context, 1, "skip", x.Count),
                Weight = Read(context, 2, "weight", width),
                Bias = Read(context, 3, "bias", width),
                SkipBias = Read(context, 4, "skip bias", width),
                Output = (float*)context.Output(0, shape),
                Sum = (float*)context.Output(1, shape),
            },
        };
        context.ParallelFor(ref norm, norm.Call.Tasks);
    }

    private static float* Read(KernelContext context, int index, string name, long count)
    {
        TensorView tensor = context.Input(index);
        if (tensor.IsThere && tensor.Count != count) throw new KernelException(NormOperator.OperatorName, $"{name} is {tensor}; expected {count} elements.");
        return (float*)tensor.Data;
    }

    private struct Norm : IParallelJob
    {
        public NormCall Call;

        public readonly void Run(int part) => Call.Run(part);
    }
}
