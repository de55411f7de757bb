using System.Text.Json.Serialization;
using Onnx.Llama.Sampling;

namespace Onnx.Llama.Generation;

/// <summary>The part of a folder's generation_config.json that says how its model wants to be sampled, as transformers reads it.</summary>
internal sealed record GenerationConfig
{
    /// <summary>The file's name in a model folder.</summary>
    public const string FileName = "generation_config.json";

    /// <summary>What transformers takes where the file asks to sample and names no number.</summary>
    private const int TransformersTopK = 50;

    /// <summary>Whether to draw; otherwise the rest means nothing.</summary>
    [JsonPropertyName("do_sample")]
    public bool? DoSample { get; init; }

    [JsonPropertyName("temperature")]
    public float? Temperature { get; init; }

    [JsonPropertyName("top_k")]
    public int? TopK { get; init; }

    [JsonPropertyName("top_p")]
    public float? TopP { get; init; }

    [JsonPropertyName("min_p")]
    public float? MinP { get; init; }

    /// <summary>The sampling it describes.</summary>
    /// <exception cref="ArgumentException">A number is outside its range.</exception>
    public SamplingOptions ToSampling() => DoSample != true
        ? SamplingOptions.Greedy
        : new SamplingOptions { Temperature = Temperature ?? 1, TopK = TopK ?? TransformersTopK, TopP = TopP ?? 1, MinP = MinP ?? 0 };
}
