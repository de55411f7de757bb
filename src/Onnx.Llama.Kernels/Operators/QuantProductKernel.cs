using Onnx.Llama.Kernels.Forms;
using Onnx.Llama.Kernels.Native;
using Onnx.Llama.Kernels.Products;

namespace Onnx.Llama.Kernels.Operators;

/// <summary>A product of one node.</summary>
internal sealed unsafe class QuantProductKernel : OperatorKernel
{
    /// <summary>Work of one part: so little that threads end together, so much that handing it out costs nothing (0.3 us).</summary>
    private const int PartBytes = 16 << 10;

    private const int MostParts = 32;

    private readonly PackedWeights _weights;
    private readonly Gate _gate;
    private readonly int _parts;
    private readonly delegate*<ref ProductCall, int, int, void> _range;

    public QuantProductKernel(PackedWeights weights, Gate gate)
    {
        InstructionSet form = Processor.Current;
        if (weights.Shape.Lanes != ProductForms.Lanes(form))
        {
            throw new KernelException(
                QuantProductOperator.OperatorName, $"the weights are packed for {weights.Shape.Lanes} rows; expected {ProductForms.Lanes(form)} for {form}.");
        }

        _weights = weights;
        _gate = gate;
        _range = ProductForms.Choose(form, weights.Shape.Format);
        _parts = (int)Math.Clamp(weights.Shape.Bytes / PartBytes, 1, Math.Min(MostParts, weights.Shape.Groups));
    }

    public override void Compute(KernelContext context)
    {
        TensorView x = context.Input(0);
        PackedMatrix shape = _weights.Shape;
        if (x.Rank < 1 || x[-1] != shape.K) throw new KernelException(QuantProductOperator.OperatorName, $"x is {x}; expected [.., {shape.K}].");
        Span<long> dimensions = stackalloc long[TensorView.MostDimensions];
        int rank = x.CopyShape(dimensions);
        dimensions[rank - 1] = shape.N;
        var output = (float*)context.Output(0, dimensions[..rank]);
        int rows = checked((int)(x.Count / shape.K));
        if (rows == 0) return;
        ActivationTiles tiles = new(shape.Format.Block, shape.PaddedBlocks, rows);
        using Workspace workspace = Workspace.Rent(tiles.Bytes);
        QuantizeCall quantize = new() { Rows = (float*)x.Data, Columns = shape.K, Tiles = tiles, Format = shape.Format, Into = workspace.Pointer };
        context.ParallelFor(ref quantize, tiles.Tiles);
        ProductCall product = new()
        {
            Weights = _weights.Bytes,
            Shape = shape,
            ScaleFactor = _weights.Range.Factor,
            Activations = workspace.Pointer,
            Tiles = tiles,
            Output = output,
            Gate = _gate,
            Form = Processor.Current,
            Parts = _parts,
            Range = _range,
        };
        context.ParallelFor(ref product, _parts);
    }
}
