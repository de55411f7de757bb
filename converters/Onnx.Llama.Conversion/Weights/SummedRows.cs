using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Output;

namespace Onnx.Llama.Conversion.Weights;

/// <summary>The sum of two matrices of one shape.</summary>
internal sealed class SummedRows(RowSource a, RowSource b) : RowSource
{
    public override long Rows => a.Rows;

    public override int Columns => a.Columns;

    public override IEnumerable<TensorInfo> Tensors => [.. a.Tensors, .. b.Tensors];

    public override void Read(long first, Span<float> destination)
    {
        using Scratch<float> other = new(destination.Length);
        a.Read(first, destination);
        b.Read(first, other.Span);
        for (int i = 0; i < destination.Length; i++) destination[i] += other.Span[i];
    }
}
