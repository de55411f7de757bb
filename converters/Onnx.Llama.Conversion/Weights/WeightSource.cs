using System.Globalization;
using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Weights;

/// <summary>Hands out a checkpoint's tensors by name, each with the shape that config.json asks for, and knows which nobody took.</summary>
internal sealed class WeightSource(Checkpoint checkpoint)
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>Whether the checkpoint has such a tensor.</summary>
    public bool Has(string name) => checkpoint.TryGet(name, out _);

    /// <summary>A matrix [rows, columns]; <paramref name="why"/> explains the shape in the message.</summary>
    /// <exception cref="CheckpointException">There is no such tensor.</exception>
    /// <exception cref="ConversionException">It has another shape.</exception>
    public RowSource Matrix(string name, int rows, int columns, string why) => Take(name, [rows, columns], rows, columns, why);

    /// <summary>A vector as one row [1, length].</summary>
    public RowSource Vector(string name, int length, string why) => Take(name, [length], 1, length, why);

    /// <summary>A vector as one column [length, 1], for vectors whose elements move with a matrix's rows.</summary>
    public RowSource Column(string name, int length, string why) => Take(name, [length], length, 1, why);

    /// <summary>Refuses a checkpoint that holds more than the family has a use for.</summary>
    /// <exception cref="ConversionException">Tensors are left over.</exception>
    public void RefuseLeftovers(string modelType)
    {
        List<TensorInfo> left = [.. checkpoint.Tensors.Where(tensor => !_taken.Contains(tensor.Name) && !WeightNames.IsDerived(tensor.Name))];
        if (left.Count == 0) return;
        string names = string.Join(", ", left.Take(5).Select(tensor => $"'{tensor.Name}' {tensor}"));
        string more = left.Count > 5 ? string.Create(CultureInfo.InvariantCulture, $" and {left.Count - 5} more") : "";
        throw new ConversionException(
            left[0].File,
            $"tensor {names}{more} has no place in a '{modelType}' of this config; expected every tensor to be used. "
            + "Check model_type, num_hidden_layers and the bias settings in config.json.");
    }

    private TensorRows Take(string name, ReadOnlySpan<long> shape, long rows, int columns, string why)
    {
        TensorInfo tensor = checkpoint[name];
        if (!tensor.Shape.AsSpan().SequenceEqual(shape))
        {
            throw new ConversionException(
                tensor.File, $"tensor '{name}' is {tensor}; expected [{string.Join(", ", shape.ToArray())}] ({why}). Check config.json against the weights.");
        }

        _taken.Add(name);
        return new TensorRows(checkpoint, tensor, rows, columns);
    }
}
