namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// A mixture of experts (arXiv:1701.06538): <c>sum over the chosen e of weight(e) * expert(e, x)</c>, plus the shared expert's output.
/// Each expert is a gated network of width <see cref="Width"/>.
/// </summary>
public sealed record ExpertsSpec
{
    /// <summary>How many there are.</summary>
    public required int Count { get; init; }

    /// <summary>How many a token takes.</summary>
    public required int Chosen { get; init; }

    /// <summary>Width of an expert's inner layer.</summary>
    public required int Width { get; init; }

    /// <summary>How scores become weights.</summary>
    public required Routing Routing { get; init; }

    /// <summary>For each layer whether it has experts; the others have the plain feed-forward network.</summary>
    public required IReadOnlyList<bool> InLayer { get; init; }

    /// <summary>Whether the router adds a bias.</summary>
    public bool RouterBias { get; init; }

    /// <summary>Whether the experts' projections add biases.</summary>
    public bool Bias { get; init; }

    /// <summary>The gate of gpt-oss; null for SwiGLU.</summary>
    public ClampedGate? ClampedGate { get; init; }

    /// <summary>The network that every token takes; null where there is none.</summary>
    public SharedExpert? Shared { get; init; }
}
