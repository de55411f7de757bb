using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Weights;

/// <summary>
/// Hands out the tensors that a graph is made of, by name and each with the shape that config.json asks for. Names are those of <see cref="WeightMap"/>
/// with ".weight" or ".bias", without the decoder's prefix.
/// </summary>
internal abstract class WeightSource
{
    /// <summary>Whether there is such a tensor.</summary>
    public abstract bool Has(string name);

    /// <summary>A matrix [rows, columns]; <paramref name="why"/> explains the shape in the message.</summary>
    /// <exception cref="CheckpointException">There is no such tensor.</exception>
    /// <exception cref="ConversionException">It has another shape.</exception>
    public RowSource Matrix(string name, int rows, int columns, string why) => Take(name, [rows, columns], rows, columns, why);

    /// <summary>A vector as one row [1, length].</summary>
    public RowSource Vector(string name, int length, string why) => Take(name, [length], 1, length, why);

    /// <summary>A vector as one column [length, 1], for vectors whose elements move with a matrix's rows.</summary>
    public RowSource Column(string name, int length, string why) => Take(name, [length], length, 1, why);

    /// <summary>A tensor of any shape as one column, for numbers that move one by one.</summary>
    public RowSource Elements(string name, ReadOnlySpan<long> shape, string why)
    {
        long count = 1;
        foreach (long length in shape) count = checked(count * length);
        return Take(name, shape, count, 1, why);
    }

    /// <summary>A tensor of any shape, as rows of its last dimension.</summary>
    public RowSource Tensor(string name, ReadOnlySpan<long> shape, string why)
    {
        int columns = shape.IsEmpty ? 1 : checked((int)shape[^1]);
        long rows = 1;
        for (int axis = 0; axis < shape.Length - 1; axis++) rows = checked(rows * shape[axis]);
        return Take(name, shape, rows, columns, why);
    }

    /// <summary>The tensor as rows.</summary>
    protected abstract RowSource Take(string name, ReadOnlySpan<long> shape, long rows, int columns, string why);
}
