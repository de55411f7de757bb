using System.Diagnostics.CodeAnalysis;

namespace Onnx.Llama.Checkpoints;

/// <summary>The element types of the safetensors format, under the names that the format gives them; all little-endian. Sizes: <see cref="DTypes"/>.</summary>
[SuppressMessage("Naming", "CA1707:Identifiers should not contain underscores", Justification = "The format's own names.")]
public enum DType
{
    /// <summary>Truth value, one byte, 0 or 1.</summary>
    BOOL,

    /// <summary>4-bit float, 2 exponent bits and 1 mantissa bit (OCP MX), two to a byte.</summary>
    F4,

    /// <summary>6-bit float, 2 exponent bits and 3 mantissa bits (OCP MX), four to three bytes.</summary>
    F6_E2M3,

    /// <summary>6-bit float, 3 exponent bits and 2 mantissa bits (OCP MX), four to three bytes.</summary>
    F6_E3M2,

    /// <summary>8-bit unsigned integer.</summary>
    U8,

    /// <summary>8-bit signed integer.</summary>
    I8,

    /// <summary>8-bit float, 5 exponent bits and 2 mantissa bits, with infinities (OCP).</summary>
    F8_E5M2,

    /// <summary>8-bit float, 4 exponent bits and 3 mantissa bits, no infinities (OCP E4M3FN).</summary>
    F8_E4M3,

    /// <summary>8-bit power of two, exponent bits only (OCP MX scales).</summary>
    F8_E8M0,

    /// <summary>8-bit float, 4 exponent bits and 3 mantissa bits, no infinities and no negative zero.</summary>
    F8_E4M3FNUZ,

    /// <summary>8-bit float, 5 exponent bits and 2 mantissa bits, no infinities and no negative zero.</summary>
    F8_E5M2FNUZ,

    /// <summary>16-bit signed integer.</summary>
    I16,

    /// <summary>16-bit unsigned integer.</summary>
    U16,

    /// <summary>16-bit IEEE 754 float.</summary>
    F16,

    /// <summary>16-bit float: the upper half of an <see cref="F32"/>.</summary>
    BF16,

    /// <summary>32-bit signed integer.</summary>
    I32,

    /// <summary>32-bit unsigned integer.</summary>
    U32,

    /// <summary>32-bit IEEE 754 float.</summary>
    F32,

    /// <summary>Complex number of two <see cref="F32"/>: real part, imaginary part.</summary>
    C64,

    /// <summary>64-bit IEEE 754 float.</summary>
    F64,

    /// <summary>64-bit signed integer.</summary>
    I64,

    /// <summary>64-bit unsigned integer.</summary>
    U64,
}
