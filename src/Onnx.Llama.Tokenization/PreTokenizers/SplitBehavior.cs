namespace Onnx.Llama.Tokenization.PreTokenizers;

/// <summary>What becomes of a pattern's matches, by the names of tokenizer.json.</summary>
internal enum SplitBehavior
{
    Isolated,
    Removed,
    MergedWithPrevious,
    MergedWithNext,
    Contiguous,
}
