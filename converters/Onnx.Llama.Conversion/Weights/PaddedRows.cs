using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Weights;

/// <summary>A matrix with rows of zeros behind its own.</summary>
internal sealed class PaddedRows(RowSource source, long rows) : RowSource
{
    public override long Rows => rows;

    public override int Columns => source.Columns;

    public override IEnumerable<TensorInfo> Tensors => source.Tensors;

    public override void Read(long first, Span<float> destination)
    {
        int stored = (int)Math.Clamp((source.Rows - first) * Columns, 0, destination.Length);
        if (stored > 0) source.Read(first, destination[..stored]);
        destination[stored..].Clear();
    }
}
