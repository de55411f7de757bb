using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Weights;

/// <summary>Matrices of one width, one under the other.</summary>
internal sealed class StackedRows(params IReadOnlyList<RowSource> parts) : RowSource
{
    public override long Rows { get; } = parts.Sum(part => part.Rows);

    public override int Columns { get; } = parts[0].Columns;

    public override IEnumerable<TensorInfo> Tensors => parts.SelectMany(part => part.Tensors).Distinct();

    public override void Read(long first, Span<float> destination)
    {
        foreach (RowSource part in parts)
        {
            if (first < part.Rows)
            {
                int length = checked((int)Math.Min((part.Rows - first) * Columns, destination.Length));
                part.Read(first, destination[..length]);
                destination = destination[length..];
                first = 0;
            }
            else
            {
                first -= part.Rows;
            }

            if (destination.IsEmpty) return;
        }
    }
}
