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
                Skip = Skip(context, x, width, out int skipRows),
                SkipRows = skipRows,
                Weight = Read(context, 2, "weight", width),
                Bias = Read(context, 3, "bias", width),
                SkipBias = Read(context, 4, "skip bias", width),
                Output = (float*)context.Output(0, shape),
                Sum = (float*)context.Output(1, shape),
            },
        };
        context.ParallelFor(ref norm, norm.Call.Tasks);
    }

    /// <summary>As SkipLayerNormalization has it: like x, or what all of its first axis share, with or without an axis of length 1 in its place.</summary>
    private static float* Skip(KernelContext context, TensorView x, int width, out int rows)
    {
        rows = 0;
        TensorView skip = context.Input(1);
        if (!skip.IsThere) return null;
        bool isShared = x.Rank == 3 && skip.Rank is 2 or 3 && skip[-1] == width && skip[-2] == x[-2] && (skip.Rank == 2 || skip[0] == 1);
        if (skip.Count != x.Count && !isShared)
        {
            throw new KernelException(NormOperator.OperatorName, $"skip is {skip} and x {x}; expected the same, or one for all of the first axis.");
        }

        rows = checked((int)(skip.Count / width));
        return (float*)skip.Data;
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
