namespace Onnx.Llama.Tokenization.Text;

/// <summary>The scratch memory of one running encode. A <see cref="Tokenizer"/> keeps one at hand and makes more where several threads encode at once.</summary>
internal sealed class EncodeWorkspace
{
    private const int KeptChars = 1 << 20;

    /// <summary>The original text where it had to be repaired.</summary>
    public TextBuffer Source { get; } = new();

    /// <summary>A piece between added tokens, normalised.</summary>
    public TextBuffer Normalized { get; set; } = new();

    /// <summary>What a normaliser writes to.</summary>
    public TextBuffer Spare { get; set; } = new();

    /// <summary>A piece on its way through the pre-tokenizers.</summary>
    public PieceList Pieces { get; } = new();

    public TokenSink Tokens { get; } = new();

    /// <summary>Forgets the text; buffers that an unusually long one needed are let go.</summary>
    public void Trim()
    {
        Source.Trim(KeptChars);
        Normalized.Trim(KeptChars);
        Spare.Trim(KeptChars);
        Pieces.Trim(KeptChars);
        Tokens.Trim(KeptChars);
    }
}
