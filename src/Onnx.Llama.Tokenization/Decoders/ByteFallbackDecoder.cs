using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Onnx.Llama.Tokenization.Decoders;

/// <summary>
/// <c>ByteFallback</c>: runs of tokens <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c> back to text. A run that is not UTF-8 becomes one U+FFFD for each of its bytes.
/// A streaming decoder cannot know a run's end, so there it is one for each maximal invalid part, as for all other bytes.
/// </summary>
internal sealed class ByteFallbackDecoder : DecoderStep
{
    public override DecoderStage Start(DecoderStage next, bool streaming) => streaming ? new StreamingStage(next) : new ExactStage(next);

    public override byte[]? BytesOf(string token) => TryParse(token, out byte value) ? [value] : null;

    private static bool TryParse(ReadOnlySpan<char> token, out byte value)
    {
        value = 0;
        return token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
            && byte.TryParse(token[3..5], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    private sealed class ExactStage(DecoderStage next) : DecoderStage
    {
        private readonly List<byte> _run = [];

        public override void Push(ReadOnlySpan<char> token, bool continues)
        {
            if (TryParse(token, out byte value))
            {
                _run.Add(value);
                return;
            }

            EndRun();
            next.Push(token, continues);
        }

        public override void Finish()
        {
            EndRun();
            next.Finish();
        }

        private void EndRun()
        {
            if (_run.Count == 0) return;
            byte[] bytes = [.. _run];
            _run.Clear();
            if (Utf8.IsValid(bytes)) next.Push(Encoding.UTF8.GetString(bytes), continues: false);
            else foreach (byte _ in bytes) next.Push("\uFFFD", continues: false);
        }
    }

    private sealed class StreamingStage(DecoderStage next) : DecoderStage
    {
        private readonly Utf8Assembler _run = new(next);

        public override void Push(ReadOnlySpan<char> token, bool continues)
        {
            if (TryParse(token, out byte value))
            {
                _run.Push([value], flush: false, continues: false);
                return;
            }

            _run.Push(default, flush: true, continues: false);
            next.Push(token, continues);
        }

        public override void Finish()
        {
            _run.Push(default, flush: true, continues: false);
            next.Finish();
        }
    }
}
