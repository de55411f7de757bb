using Onnx.Llama.Tokenization;

namespace Onnx.Llama.Generation;

/// <summary>The text of a model with a tokenizer; special tokens give none.</summary>
internal sealed class TokenizerText(Tokenizer tokenizer) : ITextStream
{
    private readonly StreamingDecoder _decoder = tokenizer.CreateDecoder(skipSpecialTokens: true);

    /// <summary>Text that continues a prompt: a space at its beginning stands, which at the beginning of a text would not.</summary>
    public static TokenizerText After(Tokenizer tokenizer, ReadOnlySpan<int> prompt)
    {
        TokenizerText text = new(tokenizer);
        text.Push(prompt[^1]);
        return text;
    }

    public string Push(int token) => _decoder.Append(token);

    public string Flush() => _decoder.Flush();
}
