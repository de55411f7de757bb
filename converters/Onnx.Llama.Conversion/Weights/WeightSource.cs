using System.Globalization;
using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Weights;

/// <summary>
/// Hands out a checkpoint's tensors by name, each with the shape that config.json asks for, and knows which nobody took. Names are those of
/// <see cref="WeightMap"/> with ".weight" or ".bias", without the decoder's prefix.
/// </summary>
internal sealed class WeightSource(Checkpoint checkpoint, WeightRoot root)
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly List<string> _beside = [.. root.Beside];

    /// <summary>What the checkpoint holds beside the decoder, and is left out: prefixes of names.</summary>
    public IReadOnlyList<string> LeftOut =>
        [.. _beside.Where(prefix => checkpoint.Tensors.Any(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal)))];

    /// <summary>Whether the checkpoint has such a tensor.</summary>
    public bool Has(string name) => checkpoint.TryGet(FullName(name), out _);

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

    /// <summary>Leaves out layers that stand behind the model's, as if they were another model beside it.</summary>
    public void LeaveOutLayers(int first, int count)
    {
        for (int layer = first; layer - first < count; layer++)
        {
            string prefix = root.Body + WeightNames.Layer(layer, "");
            if (!checkpoint.Tensors.Any(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal))) return;
            _beside.Add(prefix);
        }
    }

    /// <summary>Refuses a checkpoint that holds more than the family has a use for.</summary>
    /// <exception cref="ConversionException">Tensors are left over.</exception>
    public void RefuseLeftovers(string modelType)
    {
        List<TensorInfo> left = [.. checkpoint.Tensors.Where(tensor => !_taken.Contains(tensor.Name) && !IsBeside(tensor.Name))];
        if (left.Count == 0) return;
        string names = string.Join(", ", left.Take(5).Select(tensor => $"'{tensor.Name}' {tensor}"));
        string more = left.Count > 5 ? string.Create(CultureInfo.InvariantCulture, $" and {left.Count - 5} more") : "";
        throw new ConversionException(
            left[0].File,
            $"tensor {names}{more} has no place in a '{modelType}' of this config; expected every tensor to be used. "
            + "Check model_type, num_hidden_layers and the bias settings in config.json.");
    }

    private bool IsBeside(string name) => WeightNames.IsDerived(name) || _beside.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    private string FullName(string name) => name.StartsWith(WeightNames.Head, StringComparison.Ordinal) ? root.Head + name : root.Body + name;

    private TensorRows Take(string name, ReadOnlySpan<long> shape, long rows, int columns, string why)
    {
        TensorInfo tensor = checkpoint[FullName(name)];
        if (!tensor.Shape.AsSpan().SequenceEqual(shape))
        {
            throw new ConversionException(
                tensor.File, $"tensor '{tensor.Name}' is {tensor}; expected [{string.Join(", ", shape.ToArray())}] ({why}). Check config.json against the weights.");
        }

        _taken.Add(tensor.Name);
        return new TensorRows(checkpoint, tensor, rows, columns);
    }
}
