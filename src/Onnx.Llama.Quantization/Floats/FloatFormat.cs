namespace Onnx.Llama.Quantization;

/// <summary>How a checkpoint stores one floating-point number; always little-endian.</summary>
public enum FloatFormat
{
    /// <summary>IEEE 754 binary32, 4 bytes.</summary>
    Float32,

    /// <summary>IEEE 754 binary16, 2 bytes.</summary>
    Float16,

    /// <summary>The upper half of a binary32, 2 bytes: 8 bits of exponent, 7 of fraction.</summary>
    BFloat16,

    /// <summary>OCP FP8 E4M3 (arXiv:2209.05433), the "fn" kind: no infinities, only 0x7F and 0xFF are NaN; 1 byte.</summary>
    Float8E4M3,

    /// <summary>OCP FP8 E5M2 (arXiv:2209.05433), with infinities and NaN as IEEE 754; 1 byte.</summary>
    Float8E5M2,

    /// <summary>IEEE 754 binary64, 8 bytes; decoding rounds to the nearest binary32, ties to even.</summary>
    Float64,
}
