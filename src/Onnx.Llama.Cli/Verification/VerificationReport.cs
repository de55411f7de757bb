using System.Text.Json.Serialization;

namespace Onnx.Llama.Cli.Verification;

/// <summary>How a model compares with its reference. What the file does not have is null.</summary>
internal sealed record VerificationReport
{
    /// <summary>Positions of the prompt compared.</summary>
    public int? Positions { get; init; }

    /// <summary>What of a classifier or an embedder was compared: scores, mean or last.</summary>
    public string? Head { get; init; }

    /// <summary>Texts whose scores or vectors were compared.</summary>
    public int? Texts { get; init; }

    /// <summary>The greatest difference of a logit, a score or a number of a vector.</summary>
    public double? MaxAbsDiff { get; init; }

    /// <summary>The same, as a share of the reference values' standard deviation.</summary>
    public double? MaxDiffInStd { get; init; }

    /// <summary>The share of positions whose most likely token is the reference's.</summary>
    public double? Top1Agreement { get; init; }

    /// <summary>KL(reference || model) in nats, the mean over positions.</summary>
    public double? MeanKl { get; init; }

    /// <summary>How many tokens of the greedy continuation agree before the first that does not.</summary>
    public int? GreedyMatched { get; init; }

    /// <summary>How many there are.</summary>
    public int? GreedyTotal { get; init; }

    /// <summary>The greatest difference of a logit of the long text, as a share of the standard deviation.</summary>
    public double? LongMaxDiffInStd { get; init; }

    /// <summary>What is allowed, as a share of the standard deviation.</summary>
    public required double ToleranceInStd { get; init; }

    /// <summary>Whether every difference is allowed and, at fp32, every greedy token the reference's.</summary>
    public required bool Passed { get; init; }
}

/// <summary>The report's JSON; what is not finite stands as "NaN" or "Infinity".</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n", NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(VerificationReport))]
internal sealed partial class VerificationJson : JsonSerializerContext;
