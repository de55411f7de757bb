namespace Onnx.Llama.Tokenization.Decoders;

/// <summary>
/// A running decoder: tokens go in one by one, text comes out at the next stage as soon as it is certain. One decode, whole or streaming, has its own chain.
/// </summary>
internal abstract class DecoderStage
{
    /// <summary>Takes a token, or where <paramref name="continues"/> another part of the same one.</summary>
    public abstract void Push(ReadOnlySpan<char> token, bool continues);

    /// <summary>Gives out what was held back: no token follows.</summary>
    public abstract void Finish();
}
