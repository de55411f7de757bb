using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

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
        PackageVersion("Microsoft.ML.OnnxRuntimeGenAI"),
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

    // OnnxRuntimeGenAI's assembly says 0.0.0.
    private static string PackageVersion(string package)
    {
        string path = Path.Combine(AppContext.BaseDirectory, $"{typeof(MachineFacts).Assembly.GetName().Name}.deps.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
        return document.RootElement.GetProperty("libraries").EnumerateObject().Select(library => library.Name.Split('/')).First(name => name[0] == package)[1];
    }

    private static string[] Flags()
    {
        string line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(Lists) ?? "";
        return [.. line.Split(' ').Where(Matters).Order(StringComparer.Ordinal)];

        static bool Lists(string line) => line.StartsWith("flags", StringComparison.Ordinal) || line.StartsWith("Features", StringComparison.Ordinal);

        static bool Matters(string flag) =>
            flag is "avx2" or "fma" or "f16c" or "asimddp" or "i8mm" or "sve"
            || flag.StartsWith("avx512", StringComparison.Ordinal) || flag.StartsWith("avx_vnni", StringComparison.Ordinal);
    }
}
