namespace Onnx.Llama.Conversion.Blocks;

/// <summary>A feed-forward network of a layer: its own, or one beside its experts.</summary>
/// <param name="Path">The nodes' path.</param>
/// <param name="Gate">The gate's name in the layer.</param>
/// <param name="Up">Up's name in the layer.</param>
/// <param name="Down">Down's name in the layer.</param>
/// <param name="Width">Width of its inner layer.</param>
/// <param name="WidthKey">Where the config says so, for messages.</param>
internal sealed record FeedForwardNetwork(string Path, string Gate, string Up, string Down, int Width, string WidthKey)
{
    /// <summary>Gate and up, one under the other, where they are stored in one tensor.</summary>
    public string? FusedGateUp { get; init; }

    /// <summary>Whether the projections add biases.</summary>
    public bool Bias { get; init; }
}
