namespace Onnx.Llama.Graph;

/// <summary>Element types of ONNX tensors, with ONNX's numbers (TensorProto.DataType).</summary>
public enum ElementType
{
    /// <summary>32-bit IEEE 754.</summary>
    Float = 1,

    /// <summary>8 bits, unsigned; also packed 4-bit and 8-bit codes.</summary>
    UInt8 = 2,

    /// <summary>8 bits, signed.</summary>
    Int8 = 3,

    /// <summary>32 bits, signed.</summary>
    Int32 = 6,

    /// <summary>64 bits, signed.</summary>
    Int64 = 7,

    /// <summary>One byte, 0 or 1.</summary>
    Bool = 9,

    /// <summary>16-bit IEEE 754.</summary>
    Float16 = 10,

    /// <summary>64-bit IEEE 754.</summary>
    Double = 11,

    /// <summary>The upper half of a 32-bit IEEE 754 number.</summary>
    BFloat16 = 16,
}
