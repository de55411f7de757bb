using System.Globalization;
using Onnx.Llama.Graph.Proto;

namespace Onnx.Llama.Graph;

/// <summary>How many bytes tensors take.</summary>
public static class TensorSize
{
    /// <summary>The end of a message about a shape for which <see cref="TryBytes(ElementType, ReadOnlySpan{long}, out long)"/> finds no size.</summary>
    public const string Expected = "expected no negative length, and fewer than 2^63 bytes.";

    /// <summary>Whether the tensor's elements are of an <see cref="ElementType"/>; others are left to ONNX Runtime.</summary>
    public static bool IsKnown(TensorProto tensor) => Enum.IsDefined((ElementType)tensor.DataType);

    /// <summary>Elements times their size, unless a length is negative or the product is too large.</summary>
    public static bool TryBytes(ElementType type, ReadOnlySpan<long> shape, out long bytes)
    {
        bytes = type.Bytes();
        foreach (long length in shape)
        {
            if (length < 0 || (length > 0 && bytes > long.MaxValue / length)) return false;
            bytes *= length;
        }

        return true;
    }

    /// <summary>The same for a tensor of a file; of unknown types it is false as well.</summary>
    public static bool TryBytes(TensorProto tensor, out long bytes)
    {
        bytes = 0;
        return IsKnown(tensor) && TryBytes((ElementType)tensor.DataType, [.. tensor.Dims], out bytes);
    }

    /// <summary>"[2, 3] Float".</summary>
    public static string Describe(ElementType type, ReadOnlySpan<long> shape) => $"{Join(shape)} {type}";

    /// <summary>"[2, 3] Float", with ONNX's number where the type is not an <see cref="ElementType"/>.</summary>
    public static string Describe(TensorProto tensor) => Describe((ElementType)tensor.DataType, [.. tensor.Dims]);

    private static string Join(ReadOnlySpan<long> shape) =>
        $"[{string.Join(", ", shape.ToArray().Select(length => length.ToString(CultureInfo.InvariantCulture)))}]";
}
