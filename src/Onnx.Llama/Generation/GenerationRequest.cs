using Onnx.Llama.Decoding;
using Onnx.Llama.Sampling;

namespace Onnx.Llama.Generation;

/// <summary>One sequence to continue, with every default resolved.</summary>
internal sealed record GenerationRequest
{
    /// <summary>The sequence's slot; what it holds is the beginning of the prompt.</summary>
    public required KvSlot Slot { get; init; }

    /// <summary>The rest of the prompt, at least one token.</summary>
    public required ReadOnlyMemory<int> Tokens { get; init; }

    /// <summary>The most tokens to generate.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>How the next token is chosen.</summary>
    public required SamplingOptions Sampling { get; init; }

    /// <summary>Texts that end the generation.</summary>
    public required IReadOnlyList<string> Stop { get; init; }

    /// <summary>Tokens that end the generation.</summary>
    public required IReadOnlyList<int> EndIds { get; init; }

    /// <summary>Turns tokens into text.</summary>
    public required ITextStream Text { get; init; }
}
