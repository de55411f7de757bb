using System.Globalization;
using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Weights;

/// <summary>The tensors of a checkpoint; knows which nobody took.</summary>
internal sealed class CheckpointWeights(Checkpoint checkpoint, WeightRoot root) : WeightSource
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly List<string> _beside = [.. root.Beside];

    /// <summary>What the checkpoint holds beside the decoder, and is left out: prefixes of names.</summary>
    public IReadOnlyList<string> LeftOut =>
        [.. _beside.Where(prefix => checkpoint.Tensors.Any(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal)))];

    /// <summary>Elements of the tensors that were taken.</summary>
    public long Parameters => _taken.Sum(name => checkpoint[name].Shape.Aggregate(1L, (count, length) => checked(count * length)));

    public override bool Has(string name) => checkpoint.TryGet(FullName(name), out _);

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

    protected override RowSource Take(string name, ReadOnlySpan<long> shape, long rows, int columns, string why)
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

    private bool IsBeside(string name) => WeightNames.IsDerived(name) || _beside.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    private string FullName(string name) => WeightNames.IsOfHead(name) ? root.Head + name : root.Body + name;
}
