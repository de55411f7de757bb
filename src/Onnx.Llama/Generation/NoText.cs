namespace Onnx.Llama.Generation;

/// <summary>The text of a model without a tokenizer.</summary>
internal sealed class NoText : ITextStream
{
    public string Push(int token) => "";

    public string Flush() => "";
}
