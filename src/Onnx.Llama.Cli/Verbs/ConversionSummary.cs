using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Onnx.Llama.Conversion;

namespace Onnx.Llama.Cli.Verbs;

/// <summary>What a conversion made, or would make.</summary>
internal sealed record ConversionSummary
{
    /// <summary>The folder made; null if none was.</summary>
    public string? Output { get; init; }

    /// <summary>The family.</summary>
    public required string ModelType { get; init; }

    /// <summary>How the layers are stored.</summary>
    public required string Precision { get; init; }

    /// <summary>Number of weights in the checkpoint.</summary>
    public required long Parameters { get; init; }

    /// <summary>Bytes of the weights' file.</summary>
    public required long DataBytes { get; init; }

    /// <summary>Bytes of all files made.</summary>
    public long? Bytes { get; init; }

    /// <summary>From reading the config to the folder being in its place.</summary>
    public double? Seconds { get; init; }

    /// <summary>The process's greatest resident memory.</summary>
    public long? PeakMemoryBytes { get; init; }

    /// <summary>Every tensor, in a dry run.</summary>
    public IReadOnlyList<TensorSummary>? Tensors { get; init; }

    public static ConversionSummary Of(ConversionPlan plan) => new()
    {
        ModelType = plan.Spec.ModelType,
        Precision = plan.Precision.Name,
        Parameters = plan.Parameters,
        DataBytes = plan.DataBytes,
        Tensors = [.. plan.Tensors.Select(tensor => new TensorSummary(
            tensor.Name, tensor.Form, [tensor.Rows, tensor.Columns], tensor.Bytes, [.. tensor.Sources.Select(source => source.Name)]))],
    };

    public static ConversionSummary Of(ConversionPlan plan, ConversionResult result, TimeSpan elapsed) => Of(plan) with
    {
        Tensors = null,
        Output = result.Folder,
        Bytes = result.Bytes,
        Seconds = Math.Round(elapsed.TotalSeconds, 3),
        PeakMemoryBytes = Process.GetCurrentProcess().PeakWorkingSet64,
    };

    public string ToJson() => JsonSerializer.Serialize(this, ConversionSummaryJson.Default.ConversionSummary) + "\n";

    public string ToText() => FormattableString.Invariant(
        $"""
        {Output}
          {ModelType}, {Units.Count(Parameters)} parameters, {Precision}, {Units.Bytes(Bytes ?? 0)}
          {Seconds:0.0} s, peak memory {Units.Bytes(PeakMemoryBytes ?? 0)}

        """);
}

/// <summary>One tensor of a conversion.</summary>
/// <param name="Name">The initializer's name.</param>
/// <param name="Form">How it is stored.</param>
/// <param name="Shape">Rows and columns.</param>
/// <param name="Bytes">Bytes in the weights' file.</param>
/// <param name="Sources">The checkpoint's tensors that it is made of.</param>
internal sealed record TensorSummary(string Name, string Form, IReadOnlyList<long> Shape, long Bytes, IReadOnlyList<string> Sources);

/// <summary>The summary's JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(ConversionSummary))]
internal sealed partial class ConversionSummaryJson : JsonSerializerContext;
