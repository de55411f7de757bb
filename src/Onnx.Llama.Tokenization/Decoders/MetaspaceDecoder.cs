namespace Onnx.Llama.Tokenization.Decoders;

/// <summary><c>Metaspace</c>: the mark of a space back to a space; the first token's marks vanish where the pre-tokenizer puts one there.</summary>
internal sealed class MetaspaceDecoder(char mark, bool dropsFirst) : DecoderStep
{
    public override DecoderStage Start(DecoderStage next, bool streaming) => new Stage(this, next);

    public override string InMiddle(string token) => token.Replace(mark, ' ');

    private string AtStart(ReadOnlySpan<char> token)
    {
        string text = token.ToString();
        return dropsFirst ? text.Replace(mark.ToString(), "", StringComparison.Ordinal) : InMiddle(text);
    }

    private sealed class Stage(MetaspaceDecoder step, DecoderStage next) : DecoderStage
    {
        private bool _first = true;

        public override void Push(ReadOnlySpan<char> token, bool continues)
        {
            next.Push(_first ? step.AtStart(token) : step.InMiddle(token.ToString()), continues);
            _first = false;
        }

        public override void Finish() => next.Finish();
    }
}
