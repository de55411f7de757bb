using Onnx.Llama.Kernels.Dense;
using Onnx.Llama.Kernels.Forms;
using Onnx.Llama.Kernels.Native;
using Onnx.Llama.Kernels.Products;

namespace Onnx.Llama.Kernels.Operators;

/// <summary>A product of one node.</summary>
internal sealed unsafe class DenseProductKernel : OperatorKernel
{
    private const int PartBytes = 32 << 10;
    private const int MostParts = 32;

    private readonly DenseWeightsInput _weights;
    private readonly int _parts;
    private readonly delegate*<ref DenseCall, int, int, void> _code;

    public DenseProductKernel(DenseWeightsInput weights)
    {
        InstructionSet form = Processor.Current;
        if (weights.Shape.Lanes != ProductForms.Lanes(form))
        {
            throw new KernelException(
                DenseProductOperator.OperatorName, $"the weights are packed for {weights.Shape.Lanes} rows; expected {ProductForms.Lanes(form)} for {form}.");
        }

        _weights = weights;
        _code = DenseForms.Choose(form, weights.Shape.Type);
        _parts = (int)Math.Clamp(weights.Shape.Bytes / PartBytes, 1, Math.Min(MostParts, weights.Shape.Groups));
    }

    public override void Compute(KernelContext context)
    {
        TensorView x = context.Input(0);
        DenseMatrix shape = _weights.Shape;
        if (x.Rank < 1 || x[-1] != shape.K) throw new KernelException(DenseProductOperator.OperatorName, $"x is {x}; expected [.., {shape.K}].");
        Span<long> dimensions = stackalloc long[TensorView.MostDimensions];
        int rank = x.CopyShape(dimensions);
        dimensions[rank - 1] = shape.N;
        DenseCall call = new()
        {
            Weights = _weights.Bytes,
            Shape = shape,
            Range = _weights.Range,
            Input = (float*)x.Data,
            Rows = checked((int)(x.Count / shape.K)),
            Output = (float*)context.Output(0, dimensions[..rank]),
            Parts = _parts,
            Code = _code,
        };
        context.ParallelFor(ref call, _parts);
    }
}
