using System.Runtime.InteropServices;
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
    /// <exception cref="KernelException">
    /// The variable names no form, or one that this processor cannot run; or there is none but the scalar one, which is slower than ONNX Runtime's operators
    /// and runs only where the variable says so.
    /// </exception>
    public static InstructionSet Current => s_current.Value;

    /// <summary>The form that a value of <see cref="Variable"/> chooses.</summary>
    /// <exception cref="KernelException">As for <see cref="Current"/>.</exception>
    internal static InstructionSet Choose(string? forced, IReadOnlyList<InstructionSet>? supported = null)
    {
        supported ??= Supported;
        if (string.IsNullOrEmpty(forced)) return supported[^1] is var best and not InstructionSet.Scalar ? best : throw NoVectors();
        string known = string.Join(", ", supported.Select(form => form.ToString().ToLowerInvariant()));
        return Enum.TryParse(forced, ignoreCase: true, out InstructionSet form) && !char.IsAsciiDigit(forced[0]) && supported.Contains(form)
            ? form
            : throw new KernelException(Variable, $"is '{forced}'; expected one of what this processor can run: {known}.");
    }

    private static KernelException NoVectors() => new(
        RuntimeInformation.ProcessArchitecture.ToString(),
        "neither AVX2 nor 64-bit Arm's vectors can be used, and without them ONNX Runtime's own operators are faster. A program compiled ahead of time has only "
        + $"the instructions that it was published for: set IlcInstructionSet to native or x86-64-v3. {Variable}=scalar runs the kernels all the same.");

    private static bool IsSupported(InstructionSet form) => form switch
    {
        InstructionSet.Arm => AdvSimd.Arm64.IsSupported,
        InstructionSet.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        InstructionSet.AvxVnni => Avx2.IsSupported && Fma.IsSupported && AvxVnni.IsSupported,
        InstructionSet.Avx512 => Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported,
        _ => true,
    };
}
