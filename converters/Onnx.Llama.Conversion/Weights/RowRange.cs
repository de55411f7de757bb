using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Weights;

/// <summary>Some successive rows of another source.</summary>
/// <param name="source">The source.</param>
/// <param name="start">The first of the rows.</param>
/// <param name="count">How many.</param>
internal sealed class RowRange(RowSource source, long start, long count) : RowSource
{
    public override long Rows => count;

    public override int Columns => source.Columns;

    public override IEnumerable<TensorInfo> Tensors => source.Tensors;

    public override void Read(long first, Span<float> destination) => source.Read(start + first, destination);
}
