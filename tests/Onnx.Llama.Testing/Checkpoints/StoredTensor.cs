namespace Onnx.Llama.Testing;

/// <summary>A tensor to write: its values are asked for in pieces, so that a checkpoint of any size takes constant memory.</summary>
/// <param name="Name">As in Hugging Face checkpoints.</param>
/// <param name="Shape">Row by row.</param>
/// <param name="Fill">Gives the values from an index on.</param>
internal sealed record StoredTensor(string Name, int[] Shape, Action<long, Span<float>> Fill)
{
    public long Count => Shape.Aggregate(1L, static (product, size) => product * size);
}
