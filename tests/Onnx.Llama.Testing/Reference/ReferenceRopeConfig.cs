namespace Onnx.Llama.Testing;

/// <summary>The rotary embedding's settings, by the names of config.json's rope_parameters.</summary>
public sealed record ReferenceRopeConfig
{
    /// <summary>default, linear, dynamic, yarn or llama3.</summary>
    public string Type { get; init; } = "default";

    public double Theta { get; init; } = 10000;

    public double? Factor { get; init; }

    public int? OriginalMaxPositions { get; init; }

    public double LowFreqFactor { get; init; } = 1;

    public double HighFreqFactor { get; init; } = 4;

    public double? AttentionFactor { get; init; }

    public double? Mscale { get; init; }

    public double? MscaleAllDim { get; init; }

    public double BetaFast { get; init; } = 32;

    public double BetaSlow { get; init; } = 1;

    public bool Truncate { get; init; } = true;
}
