namespace Onnx.Llama.Graph;

/// <summary>Sizes of <see cref="ElementType"/>.</summary>
public static class ElementTypes
{
    /// <summary>Bytes of one element.</summary>
    /// <exception cref="GraphException">The type is not one of <see cref="ElementType"/>.</exception>
    public static int Bytes(this ElementType type) => type switch
    {
        ElementType.UInt8 or ElementType.Int8 or ElementType.Bool => 1,
        ElementType.Float16 or ElementType.BFloat16 => 2,
        ElementType.Float or ElementType.Int32 => 4,
        ElementType.Int64 or ElementType.Double => 8,
        _ => throw new GraphException($"element type {(int)type}", "is not known; expected one of " + string.Join(", ", Enum.GetNames<ElementType>()) + "."),
    };
}
