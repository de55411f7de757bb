namespace Onnx.Llama.Kernels.Forms;

/// <summary>Forms in which each operator exists, from the one that defines it to the fastest.</summary>
public enum InstructionSet
{
    /// <summary>One element after the other: defines each operator.</summary>
    Scalar,

    /// <summary>Vectors of 128 bits, with Arm's dot product of bytes where there is one.</summary>
    Arm,

    /// <summary>x86 vectors of 256 bits with FMA.</summary>
    Avx2,

    /// <summary>The same, with the dot product of bytes (VNNI) in its 256-bit form.</summary>
    AvxVnni,

    /// <summary>x86 vectors of 512 bits: AVX-512 F, BW, VL and DQ.</summary>
    Avx512,
}
