namespace Onnx.Llama.Manifest;

/// <summary>The <c>model.decoder</c> part of <see cref="GenAiConfig"/>.</summary>
public sealed record GenAiDecoder
{
    /// <summary>The graph's file in the folder.</summary>
    public required string Filename { get; init; }

    /// <summary>Width of one head in the cache (padded where the operator asks for it).</summary>
    public required int HeadSize { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Query heads.</summary>
    public required int NumAttentionHeads { get; init; }

    /// <summary>Layers, each with a cache of keys and values.</summary>
    public required int NumHiddenLayers { get; init; }

    /// <summary>Key and value heads.</summary>
    public required int NumKeyValueHeads { get; init; }

    /// <summary>Names of the graph's inputs.</summary>
    public required GenAiInputs Inputs { get; init; }

    /// <summary>Names of the graph's outputs.</summary>
    public required GenAiOutputs Outputs { get; init; }

    /// <summary>Settings of the ONNX Runtime session.</summary>
    public GenAiSessionOptions SessionOptions { get => field ?? new GenAiSessionOptions(); init; }

    /// <summary>Layers that keep a window only; null where none does.</summary>
    public GenAiSlidingWindow? SlidingWindow { get; init; }
}
