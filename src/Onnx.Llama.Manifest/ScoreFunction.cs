using System.Text.Json.Serialization;

namespace Onnx.Llama.Manifest;

/// <summary>What makes probabilities of a classifier's scores.</summary>
public enum ScoreFunction
{
    /// <summary>One label is true: their probabilities sum to 1.</summary>
    [JsonStringEnumMemberName("softmax")]
    Softmax,

    /// <summary>Each label is true or not, whatever the others are.</summary>
    [JsonStringEnumMemberName("sigmoid")]
    Sigmoid,
}
