using System.Text;
using Onnx.Llama.Tokenization.PreTokenizers;
using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.Decoders;

/// <summary><c>Replace</c>: every match of a pattern in a token becomes a text.</summary>
internal sealed class ReplaceDecoder(SplitPattern pattern, string replacement) : DecoderStep
{
    private const int ShortToken = 256;

    public override DecoderStage Start(DecoderStage next, bool streaming) => new Stage(this, next);

    public override string InMiddle(string token) => Replace(token, []);

    private string Replace(ReadOnlySpan<char> token, List<SplitSegment> segments)
    {
        segments.Clear();
        pattern.Split(token, segments);
        var text = new StringBuilder();
        foreach (SplitSegment segment in segments)
        {
            if (segment.IsMatch) text.Append(replacement);
            else text.Append(token[segment.Start..segment.End]);
        }

        return text.ToString();
    }

    private sealed class Stage(ReplaceDecoder step, DecoderStage next) : DecoderStage
    {
        private readonly List<SplitSegment> _segments = [];

        public override void Push(ReadOnlySpan<char> token, bool continues)
        {
            if (step.IsAbsent(token)) next.Push(token, continues);
            else if (step.IsOneForOne && token.Length <= ShortToken) PushOneForOne(token, continues);
            else next.Push(step.Replace(token, _segments), continues);
        }

        public override void Finish() => next.Finish();

        private void PushOneForOne(ReadOnlySpan<char> token, bool continues)
        {
            Span<char> text = stackalloc char[ShortToken];
            token.Replace(text, step.Text[0], step.Replacement[0]);
            next.Push(text[..token.Length], continues);
        }
    }

    private string Replacement => replacement;

    /// <summary>The text that is looked for; empty where it is an expression.</summary>
    private string Text { get; } = (pattern as LiteralPattern)?.Text ?? "";

    private bool IsOneForOne => Text.Length == 1 && replacement.Length == 1;

    private bool IsAbsent(ReadOnlySpan<char> token) =>
        pattern is LiteralPattern literal && (literal.Text.Length == 0 || token.IndexOf(literal.Text, StringComparison.Ordinal) < 0);
}
