using System.Text.Json;
using System.Text.Json.Serialization;
using Onnx.Llama.Cli.Inspection;

namespace Onnx.Llama.Cli.Benchmarking;

/// <summary>What was measured, where, with what.</summary>
internal sealed record BenchmarkReport
{
    /// <summary>The model's folder.</summary>
    public required string Model { get; init; }

    /// <summary>What was measured.</summary>
    public required BenchmarkSettings Settings { get; init; }

    /// <summary>Prompt tokens per second.</summary>
    public required Spread PrefillTokensPerSecond { get; init; }

    /// <summary>Generated tokens per second, all sequences together.</summary>
    public required Spread DecodeTokensPerSecond { get; init; }

    /// <summary>Milliseconds from the prompt to its first token.</summary>
    public required Spread FirstTokenMilliseconds { get; init; }

    /// <summary>Milliseconds to open the model, the packing of its weights included if <see cref="Packed"/>.</summary>
    public required double LoadMilliseconds { get; init; }

    /// <summary>Whether its weights were packed first, as on the first opening on a machine.</summary>
    public required bool Packed { get; init; }

    /// <summary>The process's greatest resident memory.</summary>
    public required long PeakMemoryBytes { get; init; }

    /// <summary>Which kernels ran; null where ONNX Runtime's operators alone did.</summary>
    public required KernelInspection? Kernels { get; init; }

    /// <summary>The machine and the versions.</summary>
    public required MachineDescription Machine { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, BenchmarkJson.Default.BenchmarkReport) + "\n";

    public string ToText() => FormattableString.Invariant(
        $"""
        prefill   {PrefillTokensPerSecond} tokens/s, {Settings.Prompt} tokens at depth {Settings.Depth}
        decode    {DecodeTokensPerSecond} tokens/s, {Settings.Generate} tokens after them, batch {Settings.Batch}
        first     {FirstTokenMilliseconds} ms to the first token
        load      {LoadMilliseconds:0} ms{(Packed ? " with the packing of weights" : "")}, peak memory {Verbs.Units.Bytes(PeakMemoryBytes)}
        kernels   {Kernels?.ToString() ?? "ONNX Runtime's own operators alone"}
        medians of {Settings.Repeat} (least to greatest); {Machine.Processor}, {Machine.Threads} threads, {Machine.Provider}
        onnx-llama {Machine.OnnxLlama}, ONNX Runtime {Machine.OnnxRuntime}, .NET {Machine.DotNet}, {Machine.System}

        """);
}

/// <summary>The machine and the versions.</summary>
/// <param name="Processor">Its name.</param>
/// <param name="Threads">Threads that compute.</param>
/// <param name="Provider">Where the model ran.</param>
/// <param name="OnnxLlama">Version of this tool.</param>
/// <param name="OnnxRuntime">Version of ONNX Runtime.</param>
/// <param name="DotNet">Version of .NET.</param>
/// <param name="System">The operating system.</param>
internal sealed record MachineDescription(string Processor, int Threads, string Provider, string OnnxLlama, string OnnxRuntime, string DotNet, string System);

/// <summary>The report's JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(BenchmarkReport))]
internal sealed partial class BenchmarkJson : JsonSerializerContext;
