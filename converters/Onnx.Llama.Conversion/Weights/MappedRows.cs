using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Weights;

/// <summary>The rows of another source, each number changed by a function.</summary>
internal sealed class MappedRows(RowSource source, Func<float, float> function) : RowSource
{
    public override long Rows => source.Rows;

    public override int Columns => source.Columns;

    public override IEnumerable<TensorInfo> Tensors => source.Tensors;

    public override void Read(long first, Span<float> destination)
    {
        source.Read(first, destination);
        foreach (ref float value in destination) value = function(value);
    }
}
