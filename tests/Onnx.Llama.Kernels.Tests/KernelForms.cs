using Onnx.Llama.Kernels.Forms;

namespace Onnx.Llama.Kernels.Tests;

/// <summary>The forms that this machine can run.</summary>
internal static class KernelForms
{
    /// <summary>Those with vectors; the 128-bit lanes of Arm's form run on every processor.</summary>
    public static IReadOnlyList<InstructionSet> Vectors { get; } =
        [InstructionSet.Arm, .. Processor.Supported.Where(form => form is not InstructionSet.Scalar and not InstructionSet.Arm)];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<InstructionSet> All { get; } = [InstructionSet.Scalar, .. Vectors];
}
