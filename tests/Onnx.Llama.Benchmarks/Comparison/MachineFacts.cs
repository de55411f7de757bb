using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntimeGenAI;

namespace Onnx.Llama.Benchmarks.Comparison;

/// <summary>The machine and the versions of what is compared.</summary>
/// <param name="Processor">The processor's name and the widest vectors that .NET uses on it.</param>
/// <param name="Cpus">CPUs that this process may use.</param>
/// <param name="Instructions">Instruction sets that matter to the kernels.</param>
/// <param name="OnnxRuntime">Version of ONNX Runtime.</param>
/// <param name="GenAi">Version of OnnxRuntimeGenAI.</param>
/// <param name="LlamaCpp">Version of llama.cpp and of its package; null where it was not measured.</param>
/// <param name="DotNet">Version of .NET.</param>
/// <param name="System">The operating system.</param>
internal sealed record MachineFacts(
    string Processor, int Cpus, IReadOnlyList<string> Instructions, string OnnxRuntime, string GenAi, string? LlamaCpp, string DotNet, string System)
{
    /// <summary>This machine.</summary>
    public static MachineFacts Of(string? llamaCpp) => new(
        Cli.Benchmarking.Processor.Name,
        Environment.ProcessorCount,
        Flags(),
        LanguageModel.RuntimeVersion,
        typeof(Model).Assembly.GetName().Version?.ToString(3) ?? "unknown",
        llamaCpp,
        RuntimeInformation.FrameworkDescription,
        RuntimeInformation.OSDescription);

    /// <summary>A file's name for results of this machine: kernels-epyc-avx512-2-cores.</summary>
    public static string FileName()
    {
        string[] noise = ["amd", "intel", "r", "tm", "cpu", "processor"];
        string words = string.Concat(Cli.Benchmarking.Processor.Name.Replace("AVX-512", "avx512", StringComparison.Ordinal)
            .ToLower(CultureInfo.InvariantCulture).Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' '));
        string name = string.Join('-', words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Except(noise));
        return string.Create(CultureInfo.InvariantCulture, $"kernels-{name}-{Environment.ProcessorCount}-cores");
    }

    private static string[] Flags()
    {
        string line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal) || line.StartsWith("Features", StringComparison.Ordinal)) ?? "";
        return [.. line.Split(' ').Where(Matters).Order(StringComparer.Ordinal)];

        static bool Matters(string flag) =>
            flag is "avx2" or "fma" or "f16c" or "asimddp" or "i8mm" or "sve" || flag.StartsWith("avx512", StringComparison.Ordinal) || flag.StartsWith("avx_vnni", StringComparison.Ordinal);
    }
}
