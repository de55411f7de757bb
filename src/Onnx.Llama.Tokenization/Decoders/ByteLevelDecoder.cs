using System.Buffers;
using System.Text;
using Onnx.Llama.Tokenization.Models;

namespace Onnx.Llama.Tokenization.Decoders;

/// <summary>
/// <c>ByteLevel</c>: the characters of GPT-2's alphabet back to bytes, the bytes of all tokens together to text. A token with any other character stands for its
/// own UTF-8.
/// </summary>
internal sealed class ByteLevelDecoder : DecoderStep
{
    public override DecoderStage Start(DecoderStage next, bool streaming) => new Stage(next);

    public override byte[] BytesOf(string token)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(token.Length)];
        return bytes[..Decode(token, bytes)];
    }

    /// <summary>Writes the bytes of a token, at most three for each of its characters; returns their number.</summary>
    public static int Decode(ReadOnlySpan<char> token, Span<byte> bytes)
    {
        for (int i = 0; i < token.Length; i++)
        {
            int value = ByteAlphabet.ByteOf(token[i]);
            if (value < 0) return Encoding.UTF8.GetBytes(token, bytes);
            bytes[i] = (byte)value;
        }

        return token.Length;
    }

    /// <summary>Writes the bytes of a token that is given as UTF-8, never more than it has; returns their number.</summary>
    public static int Decode(ReadOnlySpan<byte> utf8, Span<byte> bytes)
    {
        int count = 0;
        for (int i = 0; i < utf8.Length; i++)
        {
            // The alphabet ends far below U+0800: its characters have one or two bytes.
            int character = utf8[i] < 0x80 ? utf8[i] : utf8[i] < 0xE0 ? ((utf8[i] & 0x1F) << 6) | (utf8[++i] & 0x3F) : char.MaxValue;
            int value = ByteAlphabet.ByteOf((char)character);
            if (value < 0)
            {
                utf8.CopyTo(bytes);
                return utf8.Length;
            }

            bytes[count++] = (byte)value;
        }

        return count;
    }

    private sealed class Stage(DecoderStage next) : DecoderStage
    {
        private readonly Utf8Assembler _text = new(next);
        private bool _started;

        public override void Push(ReadOnlySpan<char> token, bool continues)
        {
            byte[]? rented = null;
            int room = Encoding.UTF8.GetMaxByteCount(token.Length);
            Span<byte> bytes = room <= 512 ? stackalloc byte[512] : rented = ArrayPool<byte>.Shared.Rent(room);
            _text.Push(bytes[..Decode(token, bytes)], flush: false, _started);
            _started = true;
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        }

        public override void Finish()
        {
            _text.Push(default, flush: true, _started);
            next.Finish();
        }
    }
}
