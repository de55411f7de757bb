namespace Onnx.Llama;

/// <summary>How texts are embedded.</summary>
public sealed record EmbeddingOptions : BatchOptions
{
    /// <summary>
    /// The name of the prompt to put before each text, one of <see cref="Embedder.Prompts"/>: models of search want another before a query than before a
    /// document. Null for <see cref="Embedder.DefaultPrompt"/>, empty for none.
    /// </summary>
    public string? Prompt { get; init; }
}
