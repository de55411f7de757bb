using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Onnx.Llama.Kernels.Forms;

/// <summary>Which form of the kernels this process runs.</summary>
public static class Processor
{
    /// <summary>Forces a form by its name, as far as the processor goes: scalar, arm, avx2, avxvnni or avx512.</summary>
    public const string Variable = "ONNX_LLAMA_INSTRUCTIONS";

    /// <summary>Later than the rest of the type: a wrong value is no reason for <see cref="Supported"/> to fail.</summary>
    private static readonly Lazy<InstructionSet> s_current = new(() => Choose(Environment.GetEnvironmentVariable(Variable)));

    /// <summary>The forms that this processor can run, the best last.</summary>
    public static IReadOnlyList<InstructionSet> Supported { get; } = [.. Enum.GetValues<InstructionSet>().Where(IsSupported)];

    /// <summary>The form that runs: the best, or the one that <see cref="Variable"/> forces.</summary>
    /// <exception cref="KernelException">The variable names no form, or one that this processor cannot run.</exception>
    public static InstructionSet Current => s_current.Value;

    /// <summary>The form that a value of <see cref="Variable"/> chooses.</summary>
    /// <exception cref="KernelException">It names no form, or one that this processor cannot run.</exception>
    internal static InstructionSet Choose(string? forced)
    {
        if (string.IsNullOrEmpty(forced)) return Supported[^1];
        string known = string.Join(", ", Supported.Select(form => form.ToString().ToLowerInvariant()));
        return Enum.TryParse(forced, ignoreCase: true, out InstructionSet form) && !char.IsAsciiDigit(forced[0]) && Supported.Contains(form)
            ? form
            : throw new KernelException(Variable, $"is '{forced}'; expected one of what this processor can run: {known}.");
    }

    private static bool IsSupported(InstructionSet form) => form switch
    {
        InstructionSet.Arm => AdvSimd.Arm64.IsSupported,
        InstructionSet.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        InstructionSet.AvxVnni => Avx2.IsSupported && Fma.IsSupported && AvxVnni.IsSupported,
        InstructionSet.Avx512 => Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported,
        _ => true,
    };
}
