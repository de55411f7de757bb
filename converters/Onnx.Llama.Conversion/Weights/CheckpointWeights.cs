using System.Globalization;
using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Weights;

/// <summary>The tensors of a checkpoint; knows which nobody took.</summary>
internal sealed class CheckpointWeights(Checkpoint checkpoint, WeightRoot root) : WeightSource
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>What the checkpoint holds beside the decoder, and is left out: prefixes of names.</summary>
    public IReadOnlyList<string> LeftOut =>
        [.. root.Beside.Where(prefix => checkpoint.Tensors.Any(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal)))];

    public override bool Has(string name) => checkpoint.TryGet(FullName(name), out _);

    /// <summary>Tensors that are known to be of no use here.</summary>
    public void Ignore(Func<string, bool> isUseless)
    {
        foreach (TensorInfo tensor in checkpoint.Tensors)
        {
            if (tensor.Name.StartsWith(root.Body, StringComparison.Ordinal) && isUseless(tensor.Name[root.Body.Length..])) _taken.Add(tensor.Name);
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

    private bool IsBeside(string name) => WeightNames.IsDerived(name) || root.Beside.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    private string FullName(string name) => name.StartsWith(WeightNames.Head, StringComparison.Ordinal) ? root.Head + name : root.Body + name;
}
