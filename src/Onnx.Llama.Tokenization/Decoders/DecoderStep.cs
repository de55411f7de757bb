namespace Onnx.Llama.Tokenization.Decoders;

/// <summary>A decoder as tokenizer.json describes it, from which running stages are made.</summary>
internal abstract class DecoderStep
{
    /// <summary>A running stage that gives its output to <paramref name="next"/>; <paramref name="streaming"/> asks for text as early as possible.</summary>
    public abstract DecoderStage Start(DecoderStage next, bool streaming);

    /// <summary>What the step makes of a token in the middle of a text.</summary>
    public virtual string InMiddle(string token) => token;

    /// <summary>The bytes that a token stands for, where it does not stand for its text.</summary>
    public virtual byte[]? BytesOf(string token) => null;
}
