using System.Text.Json.Serialization;

namespace Onnx.Llama.Manifest;

/// <summary>What a graph computes.</summary>
public enum ModelTask
{
    /// <summary>Logits of the next token.</summary>
    [JsonStringEnumMemberName("text")]
    Text,

    /// <summary>Scores of labels.</summary>
    [JsonStringEnumMemberName("classify")]
    Classify,

    /// <summary>One vector per text.</summary>
    [JsonStringEnumMemberName("embed")]
    Embed,
}
