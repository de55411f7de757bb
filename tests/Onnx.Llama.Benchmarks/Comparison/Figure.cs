using System.Text.Json;
using System.Text.Json.Serialization;

namespace Onnx.Llama.Benchmarks.Comparison;

/// <summary>What one process measured.</summary>
/// <param name="Value">Tokens per second, or seconds.</param>
/// <param name="OtherCores">Cores that the rest of the machine took meanwhile, at most; of a load the parent process measures it.</param>
internal sealed record Figure(double Value, double OtherCores);

/// <summary>A figure and where it belongs.</summary>
/// <param name="Shape">The model's shape.</param>
/// <param name="Precision">How its weights are stored.</param>
/// <param name="Scenario">What was measured.</param>
/// <param name="Engine">Of what.</param>
/// <param name="Round">In which round, from 0.</param>
/// <param name="Value">Tokens per second, or seconds.</param>
/// <param name="OtherCores">Cores that the rest of the machine took meanwhile.</param>
/// <param name="Discarded">How many tries before it were discarded because the machine was busy.</param>
/// <param name="PeakResidentBytes">The process's greatest resident memory; of loads only.</param>
/// <param name="PeakAnonymousBytes">The greatest part of it that is no file's; of loads only.</param>
internal sealed record Measurement(
    string Shape, string Precision, string Scenario, string Engine, int Round, double Value, double OtherCores, int Discarded,
    long? PeakResidentBytes, long? PeakAnonymousBytes);

/// <summary>A model that was measured.</summary>
/// <param name="Shape">Its shape.</param>
/// <param name="Precision">How its weights are stored.</param>
/// <param name="StepBytes">Bytes of the weights that a step must read, packed as tightly as the precision allows.</param>
/// <param name="FolderBytes">Bytes of the converted folder's weights, tables of positions included.</param>
/// <param name="GgufBytes">Bytes of the GGUF; null where there is none.</param>
/// <param name="LeftOut">Engines that could not run it, and why.</param>
internal sealed record ModelFacts(
    string Shape, string Precision, long StepBytes, long FolderBytes, long? GgufBytes, IReadOnlyDictionary<string, string> LeftOut);

/// <summary>A whole comparison.</summary>
/// <param name="Machine">The machine and the versions.</param>
/// <param name="Settings">How it was measured.</param>
/// <param name="Models">The models.</param>
/// <param name="Measurements">Every figure that counts.</param>
internal sealed record ComparisonResults(
    MachineFacts Machine, ComparisonSettings Settings, IReadOnlyList<ModelFacts> Models, IReadOnlyList<Measurement> Measurements)
{
    public string ToJson() => JsonSerializer.Serialize(this, ComparisonJson.Default.ComparisonResults) + "\n";
}

/// <summary>How a comparison measures.</summary>
/// <param name="Threads">Threads that compute, each pinned to a physical core.</param>
/// <param name="Rounds">Processes of each engine per scenario.</param>
/// <param name="Generate">Tokens of one timing of generation.</param>
/// <param name="Repeat">Timings in one process, after one that warms up; their median counts.</param>
/// <param name="Busy">Cores that others may take before a measurement is discarded.</param>
/// <param name="Tries">Measurements before the least disturbed one counts all the same.</param>
internal sealed record ComparisonSettings(int Threads, int Rounds, int Generate, int Repeat, double Busy, int Tries);

/// <summary>The JSON of figures and results.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n",
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ComparisonResults))]
[JsonSerializable(typeof(Figure))]
internal sealed partial class ComparisonJson : JsonSerializerContext;
