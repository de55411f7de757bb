namespace Onnx.Llama.Tokenization.Decoders;

/// <summary><c>Fuse</c>: all tokens become one.</summary>
internal sealed class FuseDecoder : DecoderStep
{
    public override DecoderStage Start(DecoderStage next, bool streaming) => new Stage(next);

    private sealed class Stage(DecoderStage next) : DecoderStage
    {
        private bool _started;

        public override void Push(ReadOnlySpan<char> token, bool continues)
        {
            next.Push(token, _started);
            _started = true;
        }

        public override void Finish() => next.Finish();
    }
}
