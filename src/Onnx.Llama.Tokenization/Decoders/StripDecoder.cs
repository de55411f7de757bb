namespace Onnx.Llama.Tokenization.Decoders;

/// <summary><c>Strip</c>: takes up to so many of one character from a token's beginning and end.</summary>
internal sealed class StripDecoder(char content, int start, int stop) : DecoderStep
{
    public override DecoderStage Start(DecoderStage next, bool streaming) => new Stage(this, next);

    private char Content => content;

    private int AtStart => start;

    private int AtEnd => stop;

    private sealed class Stage(StripDecoder step, DecoderStage next) : DecoderStage
    {
        private int _leading;
        private int _held;
        private bool _continues;

        public override void Push(ReadOnlySpan<char> token, bool continues)
        {
            if (!continues)
            {
                _held = 0;
                _leading = step.AtStart;
                _continues = false;
            }

            int cut = 0;
            while (_leading > 0 && cut < token.Length && token[cut] == step.Content)
            {
                cut++;
                _leading--;
            }

            token = token[cut..];
            if (token.IsEmpty) return;
            _leading = 0;
            PassOn(token);
        }

        public override void Finish() => next.Finish();

        // What may still turn out to be the token's end is held back: up to AtEnd characters of the content.
        private void PassOn(ReadOnlySpan<char> token)
        {
            int trailing = token.Length - token.TrimEnd(step.Content).Length;
            int held = trailing == token.Length ? Math.Min(step.AtEnd, _held + trailing) : Math.Min(step.AtEnd, trailing);
            int released = _held + token.Length - held;
            Emit(new string(step.Content, Math.Min(_held, released)));
            Emit(token[..Math.Max(0, released - _held)]);
            _held = held;
        }

        private void Emit(ReadOnlySpan<char> text)
        {
            if (text.IsEmpty) return;
            next.Push(text, _continues);
            _continues = true;
        }
    }
}
