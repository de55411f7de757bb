using System.Collections.Immutable;

namespace Onnx.Llama.Checkpoints;

/// <summary>Where a tensor lies and what it is; no bytes of it are held.</summary>
/// <param name="Name">Name, as stored.</param>
/// <param name="DType">Type of an element.</param>
/// <param name="Shape">Sizes, outermost first; empty for a scalar; a size may be 0.</param>
/// <param name="File">Path of the file that holds it.</param>
/// <param name="Offset">Position of its first byte, counted from the beginning of the file.</param>
/// <param name="ByteLength">Its length in bytes.</param>
public sealed record TensorInfo(string Name, DType DType, ImmutableArray<long> Shape, string File, long Offset, long ByteLength)
{
    /// <summary>How many elements it has: the product of <see cref="Shape"/>, 1 for a scalar.</summary>
    public long Elements => Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>Shape and dtype as messages show them: <c>[2048, 2048] BF16</c>.</summary>
    public override string ToString() => $"{Show.Shape(Shape)} {DType}";
}
