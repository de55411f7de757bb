namespace Onnx.Llama;

/// <summary>Why a generation ended.</summary>
public enum FinishReason
{
    /// <summary>The model gave an end token.</summary>
    EndToken,

    /// <summary>The text reached a stop string.</summary>
    StopString,

    /// <summary><see cref="GenerationOptions.MaxTokens"/> were generated.</summary>
    MaxTokens,

    /// <summary>Prompt and answer fill the model's context.</summary>
    ContextFull,
}
