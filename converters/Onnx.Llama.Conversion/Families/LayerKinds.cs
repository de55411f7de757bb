namespace Onnx.Llama.Conversion.Families;

/// <summary>transformers' names of kinds of layers.</summary>
internal static class LayerKinds
{
    /// <summary>A query sees the newest keys only.</summary>
    public const string Sliding = "sliding_attention";

    /// <summary>A query sees all keys.</summary>
    public const string Full = "full_attention";
}
