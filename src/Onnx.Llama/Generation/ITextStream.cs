namespace Onnx.Llama.Generation;

/// <summary>Turns generated tokens into text as they come.</summary>
internal interface ITextStream
{
    /// <summary>The characters that became whole with this token.</summary>
    public string Push(int token);

    /// <summary>What is left at the end: a character that never became whole, as U+FFFD.</summary>
    public string Flush();
}
